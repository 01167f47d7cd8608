/*-------------------------------------------------------------------------
 *
 * column_spec.c
 *	  jsonb -> ColumnSpec: TypeORM's column options, table-driven and strict
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"

#include "compat.h"
#include "declare.h"

/*
 * The options of one column: most are fields of the column itself, and the
 * others are NULL, false or -1 if they are absent
 */
typedef struct ColumnOptions
{
	ColumnSpec	column;
	TypeModifiers modifiers;
	JsonbContainer *labels;
	JsonbValue *default_value;
	char	   *default_expression;
	char	   *collation;
	char	   *generated_type;
	JsonbContainer *foreign_key;
	bool		roles[ROLE_VERSION + 1];
	bool		readonly;
} ColumnOptions;

#define COLUMN(field) FIELD(ColumnOptions, column.field)
#define OTHER(field) FIELD(ColumnOptions, field)

#define ONLY_JAVASCRIPT .reason = "The value of the option is JavaScript code."
#define ONLY_MYSQL .reason = "The option exists for MySQL only."
#define ONLY_MONGODB .reason = "The option exists for MongoDB only."
#define ONLY_TREES .reason = "The option is for tree entities, and the models are not trees."
#define NOT_YET .reason = "This version of the extension cannot make such a column."

static const char *read_generated(void *field, const JsonbValue *value);

/*
 * A new option is a row here and a field of ColumnSpec.  Besides, if PostgreSQL
 * can hold it, model/column.c compares it, catalog/relation.c reads it, and
 * change/plan.c makes a step of a difference; if it cannot, it is a row of
 * declared_options in model/column.c.  Either way push_column() in describe/
 * prints it.
 */
static const Option column_options[] = {
	{"type", read_string, COLUMN(type_name)},
	{"name", read_string, COLUMN(column_name)},
	{"nullable", read_boolean, COLUMN(nullable), GIVES_NULLABLE},
	{"unique", read_boolean, COLUMN(unique), GIVES_UNIQUE},
	{"default", read_any, OTHER(default_value), GIVES_DEFAULT},
	{"defaultExpression", read_string, OTHER(default_expression), GIVES_DEFAULT},
	{"length", read_length, OTHER(modifiers.length), GIVES_LENGTH},
	{"precision", read_integer, OTHER(modifiers.precision)},
	{"scale", read_integer, OTHER(modifiers.scale)},
	{"collation", read_string, OTHER(collation)},
	{"comment", read_string, COLUMN(comment), GIVES_COMMENT},
	{"array", read_boolean, COLUMN(is_array)},
	{"enum", read_array_or_object, OTHER(labels)},
	{"enumName", read_string, COLUMN(enum_name)},
	{"primary", read_boolean, COLUMN(primary), GIVES_PRIMARY},
	{"generated", read_generated, COLUMN(generated)},
	{"asExpression", read_string, COLUMN(as_expression)},
	{"generatedType", read_string, OTHER(generated_type)},
	{"foreignKey", read_object, OTHER(foreign_key)},
	{"createDate", read_boolean, OTHER(roles[ROLE_CREATE_DATE])},
	{"updateDate", read_boolean, OTHER(roles[ROLE_UPDATE_DATE])},
	{"deleteDate", read_boolean, OTHER(roles[ROLE_DELETE_DATE])},
	{"version", read_boolean, OTHER(roles[ROLE_VERSION])},
	{"select", read_boolean, COLUMN(select)},
	{"insert", read_boolean, COLUMN(insert)},
	{"update", read_boolean, COLUMN(update), GIVES_UPDATE},
	{"readonly", read_boolean, OTHER(readonly)},
	{"input", read_boolean, COLUMN(input)},
	{"transformer", ONLY_JAVASCRIPT},
	{"hstoreType", ONLY_JAVASCRIPT},
	{"query", ONLY_JAVASCRIPT},
	{"virtualProperty", ONLY_JAVASCRIPT},
	{"width", ONLY_MYSQL},
	{"unsigned", ONLY_MYSQL},
	{"zerofill", ONLY_MYSQL},
	{"onUpdate", ONLY_MYSQL},
	{"charset", ONLY_MYSQL},
	{"objectId", ONLY_MONGODB},
	{"treeChildrenCount", ONLY_TREES},
	{"treeLevel", ONLY_TREES},
	{"generatedIdentity", NOT_YET},
	{"spatialFeatureType", NOT_YET},
	{"srid", NOT_YET},
	{"columnDefinition", NOT_YET},
	{"primaryKeyConstraintName", NOT_YET},
};

static const OptionTable column_table = {
	.options = column_options,
	.count = lengthof(column_options),
	.unrecognized = "unrecognized option \"%s\" of property \"%s\"",
	.unsupported = "option \"%s\" of property \"%s\" is not supported",
	.misfit = "option \"%s\" of property \"%s\" must be %s",
	.closest = "Perhaps you meant the option \"%s\".",
	.hint = "The options are TypeORM's column options.",
};

/* The members of the option "foreignKey" */
typedef struct ForeignKeyOptions
{
	ForeignKeySpec foreign_key;
	char	   *on_delete;
	char	   *on_update;
} ForeignKeyOptions;

static const Option foreign_key_members[] = {
	{"target", read_string, FIELD(ForeignKeyOptions, foreign_key.target)},
	{"name", read_string, FIELD(ForeignKeyOptions, foreign_key.name)},
	{"onDelete", read_string, FIELD(ForeignKeyOptions, on_delete)},
	{"onUpdate", read_string, FIELD(ForeignKeyOptions, on_update)},
	{"deferrable", read_string, FIELD(ForeignKeyOptions, foreign_key.deferrable)},
	{"inverseSide", NULL, 0, 0, NULL},
};

static const OptionTable foreign_key_table = {
	.options = foreign_key_members,
	.count = lengthof(foreign_key_members),
	.unrecognized = "unrecognized member \"%s\" of option \"foreignKey\" of property \"%s\"",
	.unsupported = "unrecognized member \"%s\" of option \"foreignKey\" of property \"%s\"",
	.misfit = "member \"%s\" of option \"foreignKey\" of property \"%s\" must be %s",
	.hint = "The members are \"target\", \"name\", \"onDelete\", \"onUpdate\" and \"deferrable\".",
};

static char *property_of(const Model *model, const JsonbValue *element);
static ColumnSpec *parse_column(const Model *model, const char *property,
								JsonbContainer *object, const char *besides);
static void check_distinct(const ColumnSpec *column, List *others);
static void build_column(ColumnOptions *options, const Model *model);
static void set_role(ColumnOptions *options);
static void set_type(ColumnOptions *options, const Model *model);
static char *implied_type(const ColumnOptions *options);
static void check_fixed_type(const ColumnSpec *column);
static void set_enum(ColumnOptions *options, const Model *model);
static void set_collation(ColumnSpec *column, const Model *model,
						  const char *collation);
static void set_nullable(ColumnOptions *options);
static void set_default(ColumnOptions *options);
static void set_as_expression(ColumnOptions *options);
static void refuse_both(const ColumnSpec *column, const char *option,
						const char *other);
static ForeignKeySpec *parse_foreign_key(const char *property,
										 JsonbContainer *object);
static char parse_action(const char *property, const char *option,
						 const char *action);
static bool is_javascript_numeric(const char *text);
static List *parse_labels(const char *property, JsonbContainer *labels);

/*
 * The columns that "columns" defines for a model, in the given order: an
 * object of property -> options, or an array of options, each with its
 * "property".
 *
 * Raise an ERROR if a part of it is unknown or invalid.
 */
List *
parse_columns(const Model *model, JsonbContainer *columns)
{
	List	   *result = NIL;
	JsonbIterator *it;
	char	   *property;
	JsonbValue	value;
	bool		is_list = JsonContainerIsArray(columns);

	if (JsonContainerIsScalar(columns))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("columns of model \"%s\" must be an object or an array",
						model->definition->name),
				 errhint("Write {\"property\": {\"type\": ...}} or [{\"property\": \"property\", \"type\": ...}].")));

	/* Refuse far too many early: PostgreSQL would refuse them much later */
	if (JsonContainerSize(columns) > MaxHeapAttributeNumber)
		ereport(ERROR,
				(errcode(ERRCODE_TOO_MANY_COLUMNS),
				 errmsg("tables can have at most %d columns",
						MaxHeapAttributeNumber)));

	it = JsonbIteratorInit(columns);
	while (next_json_value(&it, &property, &value))
	{
		ColumnSpec *column;

		CHECK_FOR_INTERRUPTS();

		if (is_list)
			property = property_of(model, &value);
		else if (!is_object(&value))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("definition of property \"%s\" must be an object",
							property)));
		column = parse_column(model, property, value.val.binary.data,
							  is_list ? "property" : NULL);
		check_distinct(column, result);
		result = lappend(result, column);
	}
	return result;
}

/*
 * The property that an element of an array of columns defines.
 */
static char *
property_of(const Model *model, const JsonbValue *element)
{
	JsonbValue	property;

	if (!is_object(element))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("each element of the columns of model \"%s\" must be an object",
						model->definition->name)));
	if (!getKeyJsonValueFromContainer(element->val.binary.data, "property",
									  strlen("property"), &property) ||
		property.type != jbvString)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("each element of the columns of model \"%s\" must have a string \"property\"",
						model->definition->name)));
	return string_of(&property);
}

/*
 * Raise an ERROR if another column has the property or the name of this one.
 */
static void
check_distinct(const ColumnSpec *column, List *others)
{
	ListCell   *lc;

	foreach(lc, others)
	{
		ColumnSpec *other = lfirst(lc);

		if (same_name(other->property, column->property))
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("property \"%s\" is defined more than once",
							column->property)));
		if (same_name(other->column_name, column->column_name))
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("properties \"%s\" and \"%s\" are both named column \"%s\"",
							other->property, column->property,
							column->column_name),
					 errhint("Name one of the columns with the option \"name\".")));
	}
}

/*
 * The column that an object of options defines.  "besides" is as in
 * read_options().
 */
static ColumnSpec *
parse_column(const Model *model, const char *property, JsonbContainer *object,
			 const char *besides)
{
	static const TypeModifiers absent = {-1, -1, -1};
	ColumnOptions *options = palloc0_object(ColumnOptions);
	ColumnSpec *column = &options->column;

	check_name("property name", property);

	*column = *make_column(property);
	options->modifiers = absent;
	column->gives = read_options(&column_table, object, property, besides,
								 options);
	build_column(options, model);
	return column;
}

/*
 * ReadOption: the field is a ColumnGenerated.
 */
static const char *
read_generated(void *field, const JsonbValue *value)
{
	ColumnGenerated *generated = field;

	if (value->type == jbvBool)
	{
		*generated = value->val.boolean ? GENERATED_INCREMENT : GENERATED_NEVER;
		return NULL;
	}
	for (ColumnGenerated g = GENERATED_INCREMENT; g <= GENERATED_UUID; g++)
	{
		if (value->type == jbvString &&
			strcmp(string_of(value), generated_option(g)) == 0)
		{
			*generated = g;
			return NULL;
		}
	}
	return "a boolean, \"increment\", \"identity\" or \"uuid\"";
}

/*
 * Complete the column by all its options, which must fit each other.
 */
static void
build_column(ColumnOptions *options, const Model *model)
{
	ColumnSpec *column = &options->column;

	column->builtin = is_builtin_property(model->definition, column->property);
	if (column->column_name == NULL)
		column->column_name = name_column(column->property);
	check_name("column name", column->column_name);
	if (column->comment && column->comment[0] == '\0')
		column->comment = NULL;

	if (options->readonly)
	{
		if (column->update && (column->gives & GIVES_UPDATE))
			refuse_both(column, "update", "readonly");
		column->update = false;
	}
	if (column->input &&
		(column->as_expression || (!column->insert && !column->update)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("property \"%s\" cannot have the option \"input\", because nobody writes it",
						column->property)));
	if (!column->builtin && column->primary)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("property \"%s\" cannot be part of the primary key",
						column->property),
				 errdetail("The primary key of every model is its built-in property \"id\".")));
	if (column->builtin && (column->as_expression || options->foreign_key))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("option \"%s\" of property \"%s\" is not supported",
						column->as_expression ? "asExpression" : "foreignKey",
						column->property),
				 errdetail("The property is built into model \"%s\".",
						   model->definition->name)));

	set_role(options);
	set_type(options, model);
	set_nullable(options);
	set_default(options);
	set_as_expression(options);
	if (options->foreign_key)
		column->foreign_key = parse_foreign_key(column->property,
												options->foreign_key);
}

static void
set_role(ColumnOptions *options)
{
	ColumnSpec *column = &options->column;

	for (ColumnRole role = ROLE_CREATE_DATE; role <= ROLE_VERSION; role++)
	{
		if (!options->roles[role])
			continue;
		if (column->role != ROLE_NONE)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("property \"%s\" can have only one of the options \"createDate\", \"updateDate\", \"deleteDate\" and \"version\"",
							column->property)));
		column->role = role;
	}
}

/*
 * Set the type: the given one, or the one that a role, a generated uuid or an
 * enum implies.
 */
static void
set_type(ColumnOptions *options, const Model *model)
{
	ColumnSpec *column = &options->column;

	if (column->type_name == NULL)
		column->type_name = implied_type(options);
	if (is_enum_type(column))
		set_enum(options, model);
	else
	{
		check_named_type(column, model);
		resolve_type(column, &options->modifiers);

		if (options->labels || column->enum_name)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("option \"%s\" does not fit type \"%s\" of property \"%s\"",
							options->labels ? "enum" : "enumName",
							column->type_name, column->property)));
	}
	set_collation(column, model, options->collation);
	check_fixed_type(column);
}

static char *
implied_type(const ColumnOptions *options)
{
	const ColumnSpec *column = &options->column;

	if (column->role == ROLE_VERSION)
		return "int";
	if (column->role != ROLE_NONE)
		return "timestamp";
	if (column->generated == GENERATED_UUID)
		return "uuid";
	if (options->labels)
		return "enum";
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("option \"type\" of property \"%s\" is missing",
					column->property),
			 errhint("Every column has a type, for example \"varchar\".")));
}

/*
 * Raise an ERROR if a role or a generated column does not have one of the types
 * that TypeORM has for it.
 */
static void
check_fixed_type(const ColumnSpec *column)
{
	const char *misfit = NULL;

	if (column->role == ROLE_VERSION ? column->type != INT4OID :
		column->role != ROLE_NONE && column->type != TIMESTAMPTZOID &&
		column->type != TIMESTAMPOID && column->type != DATEOID)
		misfit = role_option(column->role);
	else if (column->generated == GENERATED_UUID ? column->type != UUIDOID :
			 column->generated != GENERATED_NEVER && column->type != INT4OID &&
			 column->type != INT2OID && column->type != INT8OID)
		misfit = "generated";
	if (misfit)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 column->is_array ?
				 errmsg("an array of type \"%s\" does not fit option \"%s\" of property \"%s\"",
						column->type_name, misfit, column->property) :
				 errmsg("type \"%s\" does not fit option \"%s\" of property \"%s\"",
						column->type_name, misfit, column->property)));
}

static void
set_enum(ColumnOptions *options, const Model *model)
{
	ColumnSpec *column = &options->column;
	const char *misfit = NULL;

	if (options->modifiers.length >= 0)
		misfit = "length";
	else if (options->modifiers.precision >= 0)
		misfit = "precision";
	else if (options->modifiers.scale >= 0)
		misfit = "scale";
	else if (options->default_expression)
		misfit = "defaultExpression";
	if (misfit)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"%s\" does not fit type \"%s\" of property \"%s\"",
						misfit, column->type_name, column->property),
				 options->default_expression ?
				 errhint("Give one of the labels as \"default\".") : 0));
	if (!options->labels)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"enum\" of property \"%s\" is missing",
						column->property)));

	column->enum_labels = parse_labels(column->property, options->labels);
	column->enum_name_implied = column->enum_name == NULL;
	if (column->enum_name_implied)
		column->enum_name = name_enum(model->table_name, column->column_name);
	check_name("enum type name", column->enum_name);
	resolve_enum_type(column, model);
}

/*
 * Is the text a number to JavaScript, that is, is isNaN(+text) false?
 */
static bool
is_javascript_numeric(const char *text)
{
	const char *spaces = " \t\n\v\f\r";
	size_t		length;
	const char *p;
	size_t		digits;

	text += strspn(text, spaces);
	for (length = strlen(text); length > 0 && strchr(spaces, text[length - 1]);)
		length--;
	text = pnstrdup(text, length);
	if (length == 0)
		return true;

	if (text[0] == '0' && length > 2 && strchr("xXoObB", text[1]))
	{
		const char *allowed = "0123456789abcdefABCDEF";

		if (strchr("oO", text[1]))
			allowed = "01234567";
		else if (strchr("bB", text[1]))
			allowed = "01";
		return strspn(text + 2, allowed) == length - 2;
	}

	p = text + (*text == '+' || *text == '-');
	if (strcmp(p, "Infinity") == 0)
		return true;
	digits = strspn(p, "0123456789");
	p += digits;
	if (*p == '.')
	{
		size_t		fraction = strspn(++p, "0123456789");

		digits += fraction;
		p += fraction;
	}
	if (digits == 0)
		return false;
	if (*p == 'e' || *p == 'E')
	{
		p++;
		p += (*p == '+' || *p == '-');
		digits = strspn(p, "0123456789");
		if (digits == 0)
			return false;
		p += digits;
	}
	return *p == '\0';
}

/*
 * The labels of an enum: the elements of an array, or the values of an object
 * whose keys are not numeric (TypeScript compiles a numeric enum to an object
 * with both directions).
 */
static List *
parse_labels(const char *property, JsonbContainer *labels)
{
	List	   *result = NIL;
	List	   *sorted;
	ListCell   *lc;
	char	   *previous = NULL;
	JsonbIterator *it = JsonbIteratorInit(labels);
	char	   *key;
	JsonbValue	label;

	while (next_json_value(&it, &key, &label))
	{
		char	   *text = NULL;

		if (key && is_javascript_numeric(key))
			continue;

		if (label.type == jbvString)
			text = string_of(&label);
		else if (label.type == jbvNumeric)
			text = number_of(&label);
		else
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("each label in option \"enum\" of property \"%s\" must be a string or a number",
							property)));
		CHECK_FOR_INTERRUPTS();
		check_name("enum label", text);
		result = lappend(result, text);
	}

	if (result == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"enum\" of property \"%s\" must have at least one label",
						property)));

	sorted = list_copy(result);
	list_sort(sorted, compare_names);
	foreach(lc, sorted)
	{
		if (previous && strcmp(previous, lfirst(lc)) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_OBJECT),
					 errmsg("label \"%s\" in option \"enum\" of property \"%s\" is given more than once",
							previous, property)));
		previous = lfirst(lc);
	}
	list_free(sorted);
	return result;
}

/*
 * The collation of that name in a schema, for the encoding of the database.
 */
static Oid
find_collation(Oid schema, const char *name)
{
	const int	encodings[] = {GetDatabaseEncoding(), -1};
	Oid			result = InvalidOid;

	for (size_t i = 0; i < lengthof(encodings) && !OidIsValid(result); i++)
		result = GetSysCacheOid3(COLLNAMEENCNSP, Anum_pg_collation_oid,
								 CStringGetDatum(name), Int32GetDatum(encodings[i]),
								 ObjectIdGetDatum(schema));
	return result;
}

/*
 * Set the collation: the type's own, or the given one from pg_catalog, from
 * the schema of the model's table, or named with its schema.
 *
 * Raise an ERROR if there is none, or unless it belongs to the table's owner
 * or a superuser: another owner could drop it, and the column with it.
 */
static void
set_collation(ColumnSpec *column, const Model *model, const char *collation)
{
	char	   *schema_name;
	char	   *name;
	Oid			owner;

	if (OidIsValid(column->type))
		column->collation = get_typcollation(column->type);
	if (!collation)
		return;

	if (!OidIsValid(column->collation))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("option \"collation\" does not fit type \"%s\" of property \"%s\"",
						column->type_name, column->property)));

	column->collation = find_collation(PG_CATALOG_NAMESPACE, collation);
	if (!OidIsValid(column->collation))
		column->collation = find_collation(model->schema, collation);
	if (!OidIsValid(column->collation) &&
		split_qualified_name(collation, &schema_name, &name))
		column->collation = find_collation(get_namespace_oid(schema_name, true), name);
	if (!OidIsValid(column->collation))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("collation \"%s\" of property \"%s\" does not exist",
						collation, column->property),
				 errdetail("A name without a schema is looked up in pg_catalog and %s.",
						   quote_identifier(model->schema_name))));
	owner = owner_of_collation(column->collation);
	if (!is_taken_from(owner, model->owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("collation \"%s\" of property \"%s\" belongs to role \"%s\"",
						collation, column->property, GetUserNameFromId(owner, true)),
				 errdetail("It must belong to the owner of table \"%s\", or to a superuser.",
						   model->table_name),
				 errhint("Give it to the table's owner: ALTER COLLATION %s OWNER TO %s.",
						 generate_collation_name(column->collation),
						 quote_identifier(GetUserNameFromId(model->owner, true)))));
}

/*
 * A column is NOT NULL unless it is defined as nullable; as in TypeORM, a
 * default of null and a deleteDate make it nullable, too.  On a built-in
 * column a default of null only removes another default.
 */
static void
set_nullable(ColumnOptions *options)
{
	ColumnSpec *column = &options->column;
	const char *implied = NULL;

	if (column->role == ROLE_DELETE_DATE)
		implied = "deleteDate";
	else if (options->default_value && !column->builtin &&
			 options->default_value->type == jbvNull)
		implied = "default";

	if (implied && !column->nullable && (column->gives & GIVES_NULLABLE))
		refuse_both(column, "nullable", implied);
	if (column->nullable && has_sequence(column))
		refuse_both(column, "nullable", "generated");
	column->nullable |= implied != NULL;
}

static void
set_default(ColumnOptions *options)
{
	ColumnSpec *column = &options->column;
	const JsonbValue *value = options->default_value;

	if (value && options->default_expression)
		refuse_both(column, "default", "defaultExpression");

	if (column->generated != GENERATED_NEVER)
	{
		if (value || options->default_expression)
			refuse_both(column, "generated",
						value ? "default" : "defaultExpression");
		if (column->generated == GENERATED_UUID)
			set_default_expression(column, "gen_random_uuid()");
	}
	else if (options->default_expression)
	{
		char	   *literal;

		set_default_expression(column, options->default_expression);

		/* The same check applies to an expression that is a literal */
		literal = constant_default(column);
		if (literal && strcmp(column->type_name, "simple-json") == 0)
			check_json_literal(column, literal);
	}
	else if (value && value->type != jbvNull)
		set_default_literal(column, default_literal(column, value));
	else if (!value && (column->role == ROLE_CREATE_DATE ||
						column->role == ROLE_UPDATE_DATE))
		set_default_expression(column, "now()");
}

/*
 * Complete a column that is computed.  plan.c parses the expression when it
 * knows all columns.  As in TypeORM the column is virtual unless it is defined
 * as stored.
 */
static void
set_as_expression(ColumnOptions *options)
{
	ColumnSpec *column = &options->column;
	const char *misfit = NULL;

	if (options->generated_type &&
		strcmp(options->generated_type, "STORED") != 0 &&
		strcmp(options->generated_type, "VIRTUAL") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"generatedType\" of property \"%s\" must be \"STORED\" or \"VIRTUAL\"",
						column->property)));
	if (column->as_expression == NULL)
	{
		if (options->generated_type)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("option \"generatedType\" of property \"%s\" requires the option \"asExpression\"",
							column->property)));
		return;
	}

	if (options->default_value)
		misfit = "default";
	else if (options->default_expression)
		misfit = "defaultExpression";
	else if (column->generated != GENERATED_NEVER)
		misfit = "generated";
	else if (column->role != ROLE_NONE)
		misfit = role_option(column->role);
	if (misfit)
		refuse_both(column, "asExpression", misfit);

	column->generated_type = ATTRIBUTE_GENERATED_STORED;
	if (options->generated_type == NULL ||
		strcmp(options->generated_type, "VIRTUAL") == 0)
		column->generated_type = ATTRIBUTE_GENERATED_VIRTUAL;
	if (column->generated_type == ATTRIBUTE_GENERATED_VIRTUAL &&
		!HAVE_VIRTUAL_COLUMNS)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("property \"%s\" cannot be a virtual column", column->property),
				 errdetail("Virtual columns require PostgreSQL 18 or later."),
				 errhint("Define it with \"generatedType\": \"STORED\".")));
}

/*
 * Raise an ERROR: the two options contradict each other.
 */
static void
refuse_both(const ColumnSpec *column, const char *option, const char *other)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("options \"%s\" and \"%s\" of property \"%s\" contradict each other",
					option, other, column->property)));
}

/*
 * The option "foreignKey": {target, name, onDelete, onUpdate, deferrable}.
 * resolve.c looks up the target.
 */
static ForeignKeySpec *
parse_foreign_key(const char *property, JsonbContainer *object)
{
	ForeignKeyOptions *options = palloc0_object(ForeignKeyOptions);
	ForeignKeySpec *foreign_key = &options->foreign_key;

	(void) read_options(&foreign_key_table, object, property, NULL, options);
	foreign_key->on_delete = parse_action(property, "onDelete",
										  options->on_delete);
	foreign_key->on_update = parse_action(property, "onUpdate",
										  options->on_update);
	foreign_key->is_enforced = true;
	if (foreign_key->target == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"foreignKey\" of property \"%s\" has no target",
						property),
				 errhint("Give the name of a model, or of a table with its schema.")));
	if (foreign_key->name)
		check_name("foreign key name", foreign_key->name);
	check_deferrable(foreign_key->deferrable, property);
	return foreign_key;
}

static char
parse_action(const char *property, const char *option, const char *action)
{
	static const char actions[] = {
		FKCONSTR_ACTION_NOACTION, FKCONSTR_ACTION_RESTRICT,
		FKCONSTR_ACTION_CASCADE, FKCONSTR_ACTION_SETNULL,
		FKCONSTR_ACTION_SETDEFAULT
	};

	if (action == NULL)
		return FKCONSTR_ACTION_NOACTION;
	for (size_t i = 0; i < lengthof(actions); i++)
		if (strcmp(action, print_action(actions[i])) == 0)
			return actions[i];
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized \"%s\" of the foreign key of property \"%s\": \"%s\"",
					option, property, action),
			 errhint("The actions are NO ACTION, RESTRICT, CASCADE, SET NULL and SET DEFAULT.")));
}

/*
 * Raise an ERROR unless "deferrable", which may be NULL, is one of TypeORM's
 * two words for it.  It is of the property's foreign key or, if "property" is
 * NULL, of a unique constraint.
 */
void
check_deferrable(const char *deferrable, const char *property)
{
	if (deferrable && strcmp(deferrable, "INITIALLY IMMEDIATE") != 0 &&
		strcmp(deferrable, "INITIALLY DEFERRED") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 property ?
				 errmsg("unrecognized \"deferrable\" of the foreign key of property \"%s\": \"%s\"",
						property, deferrable) :
				 errmsg("unrecognized \"deferrable\" of a unique constraint: \"%s\"",
						deferrable),
				 errhint("The values are INITIALLY IMMEDIATE and INITIALLY DEFERRED.")));
}
