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
#include "common/string.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"

#include "compat.h"
#include "declare.h"

/* The kinds of JSON values that options take */
typedef enum OptionKind
{
	KIND_BOOLEAN,
	KIND_STRING,
	KIND_INTEGER,
	KIND_LENGTH,				/* an integer, or a string of one */
	KIND_GENERATED,				/* a boolean or a strategy */
	KIND_OBJECT,
	KIND_LABELS,				/* an array, or an object of values */
	KIND_ANY,
	KIND_UNSUPPORTED
} OptionKind;

typedef enum Tristate
{
	ABSENT = -1,
	NO,
	YES
} Tristate;

/* An explicit absence of a length: in TypeORM an empty string */
#define NO_LENGTH	(-2)

/* The options of one column as given: absent is ABSENT, -1 or NULL */
typedef struct ColumnOptions
{
	char	   *type;
	char	   *name;
	char	   *default_expression;
	char	   *collation;
	char	   *comment;
	char	   *enum_name;
	char	   *as_expression;
	char	   *generated_type;
	JsonbValue *default_value;
	JsonbValue *foreign_key;
	JsonbValue *labels;
	int			length;
	int			precision;
	int			scale;
	ColumnGenerated generated;
	Tristate	nullable;
	Tristate	unique;
	Tristate	primary;
	Tristate	array;
	Tristate	create_date;
	Tristate	update_date;
	Tristate	delete_date;
	Tristate	version;
	Tristate	select;
	Tristate	insert;
	Tristate	update;
	Tristate	readonly;
	Tristate	input;
} ColumnOptions;

typedef struct OptionDefinition
{
	const char *name;
	OptionKind	kind;
	size_t		offset;			/* offset of the field in ColumnOptions */
	const char *reason;			/* reason why the option is not supported */
} OptionDefinition;

#define FIELD(field) offsetof(ColumnOptions, field), NULL

#define ONLY_JAVASCRIPT "The value of the option is JavaScript code."
#define ONLY_MYSQL "The option exists for MySQL only."
#define ONLY_MONGODB "The option exists for MongoDB only."
#define ONLY_TREES "The option is for tree entities, and the models are not trees."
#define NOT_YET "This version of the extension cannot make such a column."

static const OptionDefinition definitions[] = {
	{"type", KIND_STRING, FIELD(type)},
	{"name", KIND_STRING, FIELD(name)},
	{"nullable", KIND_BOOLEAN, FIELD(nullable)},
	{"unique", KIND_BOOLEAN, FIELD(unique)},
	{"default", KIND_ANY, FIELD(default_value)},
	{"defaultExpression", KIND_STRING, FIELD(default_expression)},
	{"length", KIND_LENGTH, FIELD(length)},
	{"precision", KIND_INTEGER, FIELD(precision)},
	{"scale", KIND_INTEGER, FIELD(scale)},
	{"collation", KIND_STRING, FIELD(collation)},
	{"comment", KIND_STRING, FIELD(comment)},
	{"array", KIND_BOOLEAN, FIELD(array)},
	{"enum", KIND_LABELS, FIELD(labels)},
	{"enumName", KIND_STRING, FIELD(enum_name)},
	{"primary", KIND_BOOLEAN, FIELD(primary)},
	{"generated", KIND_GENERATED, FIELD(generated)},
	{"asExpression", KIND_STRING, FIELD(as_expression)},
	{"generatedType", KIND_STRING, FIELD(generated_type)},
	{"foreignKey", KIND_OBJECT, FIELD(foreign_key)},
	{"createDate", KIND_BOOLEAN, FIELD(create_date)},
	{"updateDate", KIND_BOOLEAN, FIELD(update_date)},
	{"deleteDate", KIND_BOOLEAN, FIELD(delete_date)},
	{"version", KIND_BOOLEAN, FIELD(version)},
	{"select", KIND_BOOLEAN, FIELD(select)},
	{"insert", KIND_BOOLEAN, FIELD(insert)},
	{"update", KIND_BOOLEAN, FIELD(update)},
	{"readonly", KIND_BOOLEAN, FIELD(readonly)},
	{"input", KIND_BOOLEAN, FIELD(input)},
	{"transformer", KIND_UNSUPPORTED, 0, ONLY_JAVASCRIPT},
	{"hstoreType", KIND_UNSUPPORTED, 0, ONLY_JAVASCRIPT},
	{"query", KIND_UNSUPPORTED, 0, ONLY_JAVASCRIPT},
	{"virtualProperty", KIND_UNSUPPORTED, 0, ONLY_JAVASCRIPT},
	{"width", KIND_UNSUPPORTED, 0, ONLY_MYSQL},
	{"unsigned", KIND_UNSUPPORTED, 0, ONLY_MYSQL},
	{"zerofill", KIND_UNSUPPORTED, 0, ONLY_MYSQL},
	{"onUpdate", KIND_UNSUPPORTED, 0, ONLY_MYSQL},
	{"charset", KIND_UNSUPPORTED, 0, ONLY_MYSQL},
	{"objectId", KIND_UNSUPPORTED, 0, ONLY_MONGODB},
	{"treeChildrenCount", KIND_UNSUPPORTED, 0, ONLY_TREES},
	{"treeLevel", KIND_UNSUPPORTED, 0, ONLY_TREES},
	{"generatedIdentity", KIND_UNSUPPORTED, 0, NOT_YET},
	{"spatialFeatureType", KIND_UNSUPPORTED, 0, NOT_YET},
	{"srid", KIND_UNSUPPORTED, 0, NOT_YET},
	{"columnDefinition", KIND_UNSUPPORTED, 0, NOT_YET},
	{"primaryKeyConstraintName", KIND_UNSUPPORTED, 0, NOT_YET},
	{NULL, KIND_ANY, 0, NULL}
};

static ColumnSpec *parse_column(const Model *model, char *property,
								JsonbContainer *options, bool with_property);
static void parse_option(ColumnOptions *options, const char *property,
						 const OptionDefinition *definition, JsonbValue *value);
static const OptionDefinition *find_definition(const char *name,
											   const char *property);
static ColumnSpec *build_column(const Model *model, const char *property,
								const ColumnOptions *options);
static void set_role(ColumnSpec *column, const ColumnOptions *options);
static void set_type(ColumnSpec *column, const Model *model,
					 const ColumnOptions *options);
static void set_enum(ColumnSpec *column, const Model *model,
					 const ColumnOptions *options);
static void set_collation(ColumnSpec *column, const Model *model,
						  const char *collation);
static void set_nullable(ColumnSpec *column, const ColumnOptions *options,
						 bool builtin);
static void set_default(ColumnSpec *column, const ColumnOptions *options);
static void set_as_expression(ColumnSpec *column, const ColumnOptions *options);
static ForeignKeySpec *parse_foreign_key(const char *property,
										 JsonbContainer *object);
static char parse_action(const char *property, const char *option,
						 const char *action);
static bool is_javascript_numeric(const char *text);
static List *parse_labels(const char *property, const JsonbValue *value);

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
	JsonbIteratorToken token;
	JsonbValue	value;
	char	   *property = NULL;
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
	(void) JsonbIteratorNext(&it, &value, false);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		ColumnSpec *column;
		ListCell   *lc;

		if (token == WJB_KEY)
		{
			property = string_of(&value);
			continue;
		}
		if (token != WJB_VALUE && token != WJB_ELEM)
			continue;

		CHECK_FOR_INTERRUPTS();

		if (!is_object(&value))
		{
			if (is_list)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("each element of the columns of model \"%s\" must be an object",
								model->definition->name)));
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("definition of property \"%s\" must be an object",
							property)));
		}

		if (is_list)
		{
			JsonbValue	name;

			if (!getKeyJsonValueFromContainer(value.val.binary.data,
											  "property", strlen("property"),
											  &name) ||
				name.type != jbvString)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("each element of the columns of model \"%s\" must have a string \"property\"",
								model->definition->name)));
			property = string_of(&name);
		}

		column = parse_column(model, property, value.val.binary.data, is_list);

		foreach(lc, result)
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
		result = lappend(result, column);
	}
	return result;
}

static ColumnSpec *
parse_column(const Model *model, char *property, JsonbContainer *object,
			 bool with_property)
{
	ColumnOptions options;
	JsonbIterator *it = JsonbIteratorInit(object);
	JsonbIteratorToken token;
	JsonbValue	value;
	const OptionDefinition *definition = NULL;

	check_name("property name", property);

	memset(&options, 0, sizeof(options));
	options.length = options.precision = options.scale = -1;
	options.nullable = options.unique = options.primary = ABSENT;
	options.array = options.create_date = options.update_date = ABSENT;
	options.delete_date = options.version = options.select = ABSENT;
	options.insert = options.update = options.readonly = ABSENT;
	options.input = ABSENT;

	(void) JsonbIteratorNext(&it, &value, false);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			char	   *name = string_of(&value);

			definition = NULL;
			if (!(with_property && strcmp(name, "property") == 0))
				definition = find_definition(name, property);
		}
		else if (token == WJB_VALUE && definition)
			parse_option(&options, property, definition, &value);
	}
	return build_column(model, property, &options);
}

/*
 * Raise an ERROR, with the closest match in the hint, if TypeORM has no such
 * option or the extension does not support it.
 */
static const OptionDefinition *
find_definition(const char *name, const char *property)
{
	ClosestMatchState match;
	const char *closest;

	for (const OptionDefinition *d = definitions; d->name; d++)
	{
		if (!same_name(d->name, name))
			continue;
		if (d->kind == KIND_UNSUPPORTED)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("option \"%s\" of property \"%s\" is not supported",
							name, property),
					 errdetail("%s", d->reason)));
		return d;
	}

	initClosestMatch(&match, name, 4);
	for (const OptionDefinition *d = definitions; d->name; d++)
	{
		if (d->kind != KIND_UNSUPPORTED)
			updateClosestMatch(&match, d->name);
	}

	closest = getClosestMatch(&match);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized option \"%s\" of property \"%s\"",
					name, property),
			 closest ?
			 errhint("Perhaps you meant the option \"%s\".", closest) :
			 errhint("The options are TypeORM's column options.")));
}

static void
parse_option(ColumnOptions *options, const char *property,
			 const OptionDefinition *definition, JsonbValue *value)
{
	void	   *field = (char *) options + definition->offset;
	const char *expected = NULL;

	switch (definition->kind)
	{
		case KIND_BOOLEAN:
			if (value->type == jbvBool)
				*(Tristate *) field = value->val.boolean ? YES : NO;
			else
				expected = "a boolean";
			break;

		case KIND_STRING:
			if (value->type == jbvString)
				*(char **) field = string_of(value);
			else
				expected = "a string";
			break;

		case KIND_INTEGER:
		case KIND_LENGTH:
			{
				char	   *text = NULL;
				char	   *end;
				int			number;

				if (value->type == jbvNumeric)
					text = number_of(value);
				else if (value->type == jbvString &&
						 definition->kind == KIND_LENGTH)
					text = string_of(value);

				if (text && *text == '\0')
				{
					*(int *) field = NO_LENGTH;
					break;
				}
				if (text && *text >= '0' && *text <= '9')
				{
					errno = 0;
					number = strtoint(text, &end, 10);
					if (errno == 0 && *end == '\0')
					{
						*(int *) field = number;
						break;
					}
				}
				expected = "a whole number, not negative";
				break;
			}

		case KIND_GENERATED:
			if (value->type == jbvBool)
				*(ColumnGenerated *) field = value->val.boolean ?
					GENERATED_INCREMENT : GENERATED_NEVER;
			else if (value->type == jbvString &&
					 strcmp(string_of(value), "increment") == 0)
				*(ColumnGenerated *) field = GENERATED_INCREMENT;
			else if (value->type == jbvString &&
					 strcmp(string_of(value), "identity") == 0)
				*(ColumnGenerated *) field = GENERATED_IDENTITY;
			else if (value->type == jbvString &&
					 strcmp(string_of(value), "uuid") == 0)
				*(ColumnGenerated *) field = GENERATED_UUID;
			else
				expected = "a boolean, \"increment\", \"identity\" or \"uuid\"";
			break;

		case KIND_OBJECT:
			if (is_object(value))
			{
				*(JsonbValue **) field = palloc_object(JsonbValue);
				**(JsonbValue **) field = *value;
			}
			else
				expected = "an object";
			break;

		case KIND_LABELS:
			if (is_array(value) || is_object(value))
			{
				*(JsonbValue **) field = palloc_object(JsonbValue);
				**(JsonbValue **) field = *value;
			}
			else
				expected = "an array or an object";
			break;

		case KIND_ANY:
			*(JsonbValue **) field = palloc_object(JsonbValue);
			**(JsonbValue **) field = *value;
			break;

		case KIND_UNSUPPORTED:
			Assert(false);
			break;
	}

	if (expected)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"%s\" of property \"%s\" must be %s",
						definition->name, property, expected)));
}

/*
 * Derive the column from all its options.
 */
static ColumnSpec *
build_column(const Model *model, const char *property,
			 const ColumnOptions *options)
{
	ColumnSpec *column = make_column(property);
	bool		builtin = is_builtin_property(model->definition, property);

	column->column_name = options->name ? options->name : name_column(property);
	check_name("column name", column->column_name);

	column->primary = options->primary == YES;
	column->unique = options->unique == YES;
	column->is_array = options->array == YES;
	column->select = options->select != NO;
	column->insert = options->insert != NO;
	column->update = options->update != NO && options->readonly != YES;
	column->input = options->input == YES;
	if (options->comment && options->comment[0] != '\0')
		column->comment = options->comment;
	column->generated = options->generated;
	if (options->length != ABSENT)
		column->gives |= GIVES_LENGTH;
	if (options->unique != ABSENT)
		column->gives |= GIVES_UNIQUE;
	if (options->default_value || options->default_expression)
		column->gives |= GIVES_DEFAULT;
	if (options->comment)
		column->gives |= GIVES_COMMENT;
	if (options->primary != ABSENT)
		column->gives |= GIVES_PRIMARY;

	if (options->update == YES && options->readonly == YES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options \"update\" and \"readonly\" of property \"%s\" contradict each other",
						property)));
	if (column->input && (options->as_expression ||
						  (!column->insert && !column->update)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("property \"%s\" cannot have the option \"input\", because nobody writes it",
						property)));
	if (!builtin && column->primary)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("property \"%s\" cannot be part of the primary key",
						property),
				 errdetail("The primary key of every model is its built-in property \"id\".")));
	if (builtin && (options->as_expression || options->foreign_key))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("option \"%s\" of property \"%s\" is not supported",
						options->as_expression ? "asExpression" : "foreignKey",
						property),
				 errdetail("The property is built into model \"%s\".",
						   model->definition->name)));

	set_role(column, options);
	set_type(column, model, options);
	set_nullable(column, options, builtin);
	set_default(column, options);
	set_as_expression(column, options);
	if (options->foreign_key)
		column->foreign_key = parse_foreign_key(property,
												options->foreign_key->val.binary.data);
	return column;
}

static void
set_role(ColumnSpec *column, const ColumnOptions *options)
{
	const struct
	{
		Tristate	given;
		ColumnRole	role;
	}			roles[] = {
		{options->create_date, ROLE_CREATE_DATE},
		{options->update_date, ROLE_UPDATE_DATE},
		{options->delete_date, ROLE_DELETE_DATE},
		{options->version, ROLE_VERSION}
	};

	for (size_t i = 0; i < lengthof(roles); i++)
	{
		if (roles[i].given != YES)
			continue;
		if (column->role != ROLE_NONE)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("property \"%s\" can be only one of createDate, updateDate, deleteDate and version",
							column->property)));
		column->role = roles[i].role;
	}
}

/*
 * Set the type: the given one, or the one that a role, a generated uuid or an
 * enum implies.
 */
static void
set_type(ColumnSpec *column, const Model *model, const ColumnOptions *options)
{
	const char *misfit = NULL;

	if (options->type)
		column->type_name = options->type;
	else if (column->role == ROLE_VERSION)
		column->type_name = "int";
	else if (column->role != ROLE_NONE)
		column->type_name = "timestamp";
	else if (column->generated == GENERATED_UUID)
		column->type_name = "uuid";
	else if (options->labels)
		column->type_name = "enum";
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"type\" of property \"%s\" is missing",
						column->property),
				 errhint("Every column has a type, for example \"varchar\".")));

	if (is_enum_type(column))
		set_enum(column, model, options);
	else
	{
		TypeModifiers modifiers;

		modifiers.length = options->length;
		modifiers.precision = options->precision;
		modifiers.scale = options->scale;
		check_named_type(column, model);
		resolve_type(column, &modifiers);

		if (options->labels || options->enum_name)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("option \"%s\" does not fit type \"%s\" of property \"%s\"",
							options->labels ? "enum" : "enumName",
							column->type_name, column->property)));
	}
	set_collation(column, model, options->collation);

	/* Roles and generated columns have fixed types in TypeORM */
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
				 errmsg("type \"%s\"%s does not fit option \"%s\" of property \"%s\"",
						column->type_name, column->is_array ? " as an array" : "",
						misfit, column->property)));
}

static void
set_enum(ColumnSpec *column, const Model *model, const ColumnOptions *options)
{
	const char *misfit = NULL;

	if (options->length >= 0)
		misfit = "length";
	else if (options->precision >= 0)
		misfit = "precision";
	else if (options->scale >= 0)
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
	column->enum_name_implied = options->enum_name == NULL;
	column->enum_name = options->enum_name ? options->enum_name :
		name_enum(model->table_name, column->column_name);
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
parse_labels(const char *property, const JsonbValue *value)
{
	List	   *result = NIL;
	List	   *sorted;
	ListCell   *lc;
	char	   *previous = NULL;
	JsonbIterator *it = JsonbIteratorInit(value->val.binary.data);
	JsonbIteratorToken token;
	JsonbValue	label;
	bool		skip = false;

	(void) JsonbIteratorNext(&it, &label, false);
	while ((token = JsonbIteratorNext(&it, &label, true)) != WJB_DONE)
	{
		char	   *text = NULL;

		if (token == WJB_KEY)
		{
			skip = is_javascript_numeric(string_of(&label));
			continue;
		}
		if ((token != WJB_ELEM && token != WJB_VALUE) || skip)
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
set_nullable(ColumnSpec *column, const ColumnOptions *options, bool builtin)
{
	bool		implied = (column->role == ROLE_DELETE_DATE ||
						   (options->default_value && !builtin &&
							options->default_value->type == jbvNull));

	if (implied && options->nullable == NO)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options \"nullable\" and \"%s\" of property \"%s\" contradict each other",
						column->role == ROLE_DELETE_DATE ? "deleteDate" : "default",
						column->property)));
	if (options->nullable == YES &&
		(column->generated == GENERATED_INCREMENT ||
		 column->generated == GENERATED_IDENTITY))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options \"nullable\" and \"generated\" of property \"%s\" contradict each other",
						column->property)));
	column->nullable = implied || options->nullable == YES;
}

static void
set_default(ColumnSpec *column, const ColumnOptions *options)
{
	const JsonbValue *value = options->default_value;

	if (value && options->default_expression)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options \"default\" and \"defaultExpression\" of property \"%s\" contradict each other",
						column->property)));

	if (column->generated != GENERATED_NEVER)
	{
		if (value || options->default_expression)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("options \"generated\" and \"%s\" of property \"%s\" contradict each other",
							value ? "default" : "defaultExpression",
							column->property)));
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
 * Set the expression that computes the column.  plan.c parses it when it knows
 * all columns.  As in TypeORM the column is virtual unless it is defined as
 * stored.
 */
static void
set_as_expression(ColumnSpec *column, const ColumnOptions *options)
{
	const char *misfit = NULL;

	if (options->generated_type &&
		strcmp(options->generated_type, "STORED") != 0 &&
		strcmp(options->generated_type, "VIRTUAL") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"generatedType\" of property \"%s\" must be \"STORED\" or \"VIRTUAL\"",
						column->property)));
	if (options->as_expression == NULL)
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
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options \"asExpression\" and \"%s\" of property \"%s\" contradict each other",
						misfit, column->property)));

	column->as_expression = options->as_expression;
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
 * The option "foreignKey": {target, name, onDelete, onUpdate, deferrable}.
 * plan.c looks up the target.
 */
static ForeignKeySpec *
parse_foreign_key(const char *property, JsonbContainer *object)
{
	static const char *const members[] = {
		"target", "name", "onDelete", "onUpdate", "deferrable"
	};
	char	   *values[lengthof(members)] = {NULL};
	ForeignKeySpec *foreign_key = palloc0_object(ForeignKeySpec);
	JsonbIterator *it = JsonbIteratorInit(object);
	JsonbIteratorToken token;
	JsonbValue	value;
	size_t		member = 0;

	(void) JsonbIteratorNext(&it, &value, false);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			char	   *name = string_of(&value);

			for (member = 0; member < lengthof(members); member++)
				if (strcmp(members[member], name) == 0)
					break;
			if (member == lengthof(members))
				ereport(ERROR,
						(errcode(strcmp(name, "inverseSide") == 0 ?
								 ERRCODE_FEATURE_NOT_SUPPORTED :
								 ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("unrecognized member \"%s\" of option \"foreignKey\" of property \"%s\"",
								name, property),
						 errhint("The members are target, name, onDelete, onUpdate and deferrable.")));
		}
		else if (token == WJB_VALUE)
		{
			if (value.type != jbvString)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("member \"%s\" of option \"foreignKey\" of property \"%s\" must be a string",
								members[member], property)));
			values[member] = string_of(&value);
		}
	}

	foreign_key->target = values[0];
	foreign_key->name = values[1];
	foreign_key->on_delete = parse_action(property, members[2], values[2]);
	foreign_key->on_update = parse_action(property, members[3], values[3]);
	foreign_key->deferrable = values[4];
	foreign_key->is_enforced = true;
	if (foreign_key->target == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"foreignKey\" of property \"%s\" has no target",
						property),
				 errhint("Give the name of a model, or of a table with its schema.")));
	if (foreign_key->name)
		check_name("foreign key name", foreign_key->name);
	check_deferrable(foreign_key->deferrable);
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
 * two words for it.
 */
void
check_deferrable(const char *deferrable)
{
	if (deferrable && strcmp(deferrable, "INITIALLY IMMEDIATE") != 0 &&
		strcmp(deferrable, "INITIALLY DEFERRED") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unrecognized value of \"deferrable\": \"%s\"", deferrable),
				 errhint("The values are INITIALLY IMMEDIATE and INITIALLY DEFERRED.")));
}
