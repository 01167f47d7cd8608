/*-------------------------------------------------------------------------
 *
 * entity_schema.c
 *	  Models -> TypeORM's EntitySchema options, and rows for the views
 *
 * Descriptions follow PostgreSQL's catalog as it is now.  If TypeORM's
 * comparison with the database would report a difference for one correct
 * description, an equivalent one without a difference is used; TypeORM's rules
 * are in PostgresQueryRunner.loadTables() and
 * PostgresDriver.findChangedColumns().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_attribute.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

#include "compat.h"
#include "describe.h"

/* JavaScript represents numbers of so many digits exactly */
#define MAX_JAVASCRIPT_DIGITS 15

PG_FUNCTION_INFO_V1(entity_schema);
PG_FUNCTION_INFO_V1(entity_schemas);
PG_FUNCTION_INFO_V1(definition_of);
PG_FUNCTION_INFO_V1(options_of);
PG_FUNCTION_INFO_V1(columns_of);

/* The reader of a description */
typedef enum Reader
{
	READER_TYPEORM,
	READER_EXTEND_MODEL			/* for extend_model(), which accepts it as a
								 * definition */
} Reader;

static JsonbValue *push_entity_schema(JsonbParseState **state,
									  const Model *model);
static void push_relations(JsonbParseState **state, const Model *model,
						   const Table *table);
static void push_options(JsonbParseState **state, const Model *model,
						 const Table *table, List *columns, Reader reader);
static void push_indexes(JsonbParseState **state, const char *option,
						 List *indexes, List *columns, Reader reader);
static void push_exclusions(JsonbParseState **state, const Table *table);
static void push_foreign_key(JsonbParseState **state, const Model *model,
							 const ColumnSpec *column);
static void push_properties(JsonbParseState **state, List *column_names,
							List *columns, Reader reader);
static void push_keys(JsonbParseState **state, List *keys, List *columns);
static bool is_plain_unique(const Model *model, const IndexSpec *index);
static bool has_properties(List *column_names, List *columns);
static ColumnSpec *with_further_options(const Model *model,
										const ColumnSpec *column);
static JsonbValue *push_column(JsonbParseState **state, const Model *model,
							   const ColumnSpec *column, Reader reader);
static bool has_typeorm_sequence(const Model *model, const ColumnSpec *column);
static char *print_nextval(const ColumnSpec *column);
static bool has_default_of_role(const ColumnSpec *column);
static void push_type(JsonbParseState **state, const Model *model,
					  const ColumnSpec *column, Reader reader);
static void push_default(JsonbParseState **state, const ColumnSpec *column,
						 Reader reader);
static void push_literal(JsonbParseState **state, const ColumnSpec *column,
						 char *value);
static Datum look_at_entity_schema(FunctionCallInfo fcinfo);
static Datum look_at_entity_schemas(FunctionCallInfo fcinfo);
static Datum look_at_definition_of(FunctionCallInfo fcinfo);
static Datum look_at_options_of(FunctionCallInfo fcinfo);
static Datum look_at_columns_of(FunctionCallInfo fcinfo);
static bool is_javascript_number(const char *text);
static bool is_plain_json(const char *text);
static bool is_plain_array(const char *text);
static char *typeorm_default(const char *expression, bool *faithful);

static void
push_key(JsonbParseState **state, const char *key)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, key);
	value.val.string.len = strlen(key);
	pushJsonbValue(state, WJB_KEY, &value);
}

/* An element of an array if "key" is NULL, else a member of an object */
static void
push_value(JsonbParseState **state, const char *key, JsonbValue *value)
{
	if (key)
		push_key(state, key);
	pushJsonbValue(state, key ? WJB_VALUE : WJB_ELEM, value);
}

static void
push_string(JsonbParseState **state, const char *key, const char *string)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, string);
	value.val.string.len = strlen(string);
	push_value(state, key, &value);
}

static void
push_boolean(JsonbParseState **state, const char *key, bool boolean)
{
	JsonbValue	value;

	value.type = jbvBool;
	value.val.boolean = boolean;
	push_value(state, key, &value);
}

static void
push_number(JsonbParseState **state, const char *key, const char *number)
{
	JsonbValue	value;

	value.type = jbvNumeric;
	value.val.numeric =
		DatumGetNumeric(DirectFunctionCall3(numeric_in,
											CStringGetDatum(number),
											ObjectIdGetDatum(InvalidOid),
											Int32GetDatum(-1)));
	push_value(state, key, &value);
}

static void
push_int(JsonbParseState **state, const char *key, int number)
{
	push_number(state, key, psprintf("%d", number));
}

/*
 * The model of that name, which must have a table.
 */
static Model *
get_model(FunctionCallInfo fcinfo)
{
	Model	   *model;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("model name must not be null")));
	model = read_model(text_to_cstring(PG_GETARG_TEXT_PP(0)), ROWS_OF_QUERY);
	check_model_table(model);
	return model;
}

/*
 * entity_schema(name text)
 *
 * Returns the model as the table is now, in the form of options for TypeORM's
 * EntitySchema, as jsonb.  A default that is an expression, which JSON has no
 * type for, is in "defaultExpression".
 *
 * Raises an ERROR if the model is unknown or has no table.
 */
Datum
entity_schema(PG_FUNCTION_ARGS)
{
	return look_for_result(look_at_entity_schema, fcinfo);
}

static Datum
look_at_entity_schema(FunctionCallInfo fcinfo)
{
	JsonbParseState *state = NULL;

	PG_RETURN_JSONB_P(JsonbValueToJsonb(push_entity_schema(&state,
														   get_model(fcinfo))));
}

/*
 * entity_schemas()
 *
 * Returns entity_schema() of every model that has a table, as a jsonb object
 * with the names of the models as keys.
 */
Datum
entity_schemas(PG_FUNCTION_ARGS)
{
	return look_for_result(look_at_entity_schemas, fcinfo);
}

static Datum
look_at_entity_schemas(FunctionCallInfo fcinfo)
{
	JsonbParseState *state = NULL;

	(void) fcinfo;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, ROWS_OF_QUERY);

		if (!OidIsValid(model->relid))
			continue;
		push_key(&state, definition->name);
		(void) push_entity_schema(&state, model);
	}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT,
													   NULL)));
}

/*
 * definition_of(name text)
 *
 * Returns the custom columns of a model, and the built-in ones that have
 * further options, as a jsonb object that extend_model() accepts: in this
 * database it changes nothing, in another it creates the same columns.
 *
 * Raises an ERROR if the model is unknown or has no table.
 */
Datum
definition_of(PG_FUNCTION_ARGS)
{
	return look_for_result(look_at_definition_of, fcinfo);
}

static Datum
look_at_definition_of(FunctionCallInfo fcinfo)
{
	Model	   *model = get_model(fcinfo);
	JsonbParseState *state = NULL;
	ListCell   *lc;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	foreach(lc, read_model_columns(model, read_table(model->relid)->columns,
								   ROWS_OF_QUERY))
	{
		ColumnSpec *column = lfirst(lc);

		if (column->property == NULL || column->attnum == 0)
			continue;
		if (column->builtin)
			column = with_further_options(model, column);
		if (column == NULL)
			continue;
		push_key(&state, column->property);
		push_column(&state, model, column, READER_EXTEND_MODEL);
	}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT,
													   NULL)));
}

/*
 * A built-in column with only the further options that a definition may have
 * given it; NULL if there are none.
 */
static ColumnSpec *
with_further_options(const Model *model, const ColumnSpec *column)
{
	ColumnSpec *result = find_property(builtin_columns(model),
									   column->property);
	bool		same_type = column->type == result->type;
	bool		found = false;

	if (same_type && column->typmod != result->typmod)
	{
		result->typmod = column->typmod;
		found = true;
	}
	if (same_type && column->default_sql && result->default_sql == NULL &&
		result->generated == GENERATED_NEVER)
	{
		result->default_literal = column->default_literal;
		result->default_expr = column->default_expr;
		result->default_sql = column->default_sql;
		found = true;
	}
	if (result->primary && has_own_default(column, result))
	{
		result->generated = column->generated;
		result->default_expr = column->default_expr;
		result->default_sql = column->default_sql;
		found = true;
	}
	if (column->unique && !result->unique && !result->primary)
		result->unique = found = true;
	if (column->comment)
	{
		result->comment = column->comment;
		found = true;
	}
	found |= is_member(model->not_unique, column->property) ||
		(may_be_citext(model->definition, column->property) && is_citext(column->type));
	return found ? result : NULL;
}

/*
 * Does an id have another default than in a new table?
 */
bool
has_own_default(const ColumnSpec *column, const ColumnSpec *built)
{
	return column->default_sql != NULL &&
		(built->default_sql == NULL ||
		 strcmp(column->default_sql, built->default_sql) != 0);
}

/*
 * options_of(name text)
 *
 * Returns the indices and the constraints of several columns that a model has
 * beside the built-in ones, as the options that extend_model() takes.
 *
 * Raises an ERROR if the model is unknown or has no table.
 */
Datum
options_of(PG_FUNCTION_ARGS)
{
	return look_for_result(look_at_options_of, fcinfo);
}

static Datum
look_at_options_of(FunctionCallInfo fcinfo)
{
	Model	   *model = get_model(fcinfo);
	Table	   *table = read_table(model->relid);
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_options(&state, model, table,
				 read_model_columns(model, table->columns, ROWS_OF_QUERY),
				 READER_EXTEND_MODEL);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT,
													   NULL)));
}

/*
 * columns_of(name text)
 *
 * Returns a row for each column of a model, built in or custom, in the order
 * of the table; columns that the table lacks come last, without type, default
 * and the like.
 *
 * Raises an ERROR if the model is unknown or has no table.
 */
Datum
columns_of(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	return look_for_result(look_at_columns_of, fcinfo);
}

static Datum
look_at_columns_of(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Model	   *model = get_model(fcinfo);
	ListCell   *lc;

	tuplestore_clear(rsinfo->setResult);
	foreach(lc, read_model_columns(model, read_table(model->relid)->columns,
								   ROWS_OF_QUERY))
	{
		ColumnSpec *column = lfirst(lc);
		Datum		values[13] = {0};
		bool		nulls[13];
		const char *description = column->comment;
		JsonbParseState *state = NULL;

		if (column->property == NULL)
			continue;

		memset(nulls, true, sizeof(nulls));
		values[0] = CStringGetTextDatum(column->property);
		values[1] = CStringGetTextDatum(column->column_name);
		values[2] = BoolGetDatum(!column->builtin);
		nulls[0] = nulls[1] = nulls[2] = false;
		if (column->attnum != 0)
		{
			values[3] = Int32GetDatum(column->attnum);
			values[4] = CStringGetTextDatum(describe_type(without_domain(column)));
			values[5] = CStringGetTextDatum(format_type_with_typemod(column->type,
																	 column->typmod));
			values[6] = BoolGetDatum(column->nullable);
			values[7] = BoolGetDatum(column->unique || column->primary);
			values[8] = BoolGetDatum(column->primary);
			values[12] = JsonbPGetDatum(JsonbValueToJsonb(push_column(&state, model,
																	  column,
																	  READER_TYPEORM)));
			memset(nulls + 3, false, 6);
			nulls[12] = false;
			if (column->default_sql)
			{
				values[9] = CStringGetTextDatum(column->default_sql);
				nulls[9] = false;
			}
			if (column->comment)
			{
				values[10] = CStringGetTextDatum(column->comment);
				nulls[10] = false;
			}
		}
		if (description == NULL && column->builtin)
			description = describe_property(model->definition, column->property);
		if (description)
		{
			values[11] = CStringGetTextDatum(description);
			nulls[11] = false;
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * A column as text in the form that extend_model() takes.
 */
char *
describe_definition(const Model *model, const ColumnSpec *column)
{
	JsonbParseState *state = NULL;
	Jsonb	   *definition;

	definition = JsonbValueToJsonb(push_column(&state, model, column,
											   READER_EXTEND_MODEL));
	return JsonbToCString(NULL, &definition->root, VARSIZE(definition));
}

/*
 * A column's default as the text of a JSON value, or NULL if it has none, or
 * one that is not constant.
 */
char *
describe_default(const ColumnSpec *column)
{
	char	   *value = constant_default(column);
	JsonbParseState *state = NULL;
	JsonbValue	key;
	Jsonb	   *json;

	if (value == NULL)
		return NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_literal(&state, column, value);
	json = JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
	json = JsonbValueToJsonb(getKeyJsonValueFromContainer(&json->root, "default",
														  strlen("default"),
														  &key));
	return JsonbToCString(NULL, &json->root, VARSIZE(json));
}

static JsonbValue *
push_entity_schema(JsonbParseState **state, const Model *model)
{
	Table	   *table = read_table(model->relid);
	List	   *columns = read_model_columns(model, table->columns, ROWS_OF_QUERY);
	ListCell   *lc;

	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_string(state, "name", model->definition->name);
	push_string(state, "tableName", model->table_name);
	push_string(state, "schema", model->schema_name);

	push_key(state, "columns");
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	foreach(lc, columns)
	{
		ColumnSpec *column = lfirst(lc);

		if (column->property == NULL || column->attnum == 0)
			continue;
		push_key(state, column->property);
		(void) push_column(state, model, column, READER_TYPEORM);
	}
	pushJsonbValue(state, WJB_END_OBJECT, NULL);

	push_relations(state, model, table);
	push_options(state, model, table, columns, READER_TYPEORM);
	return pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/*
 * The foreign keys that TypeORM would drop if its models lacked them.  In
 * TypeORM they are relations to entities whose key has the same type; it
 * cannot represent others.  It re-creates a foreign key that does not have
 * TypeORM's name.
 */
static void
push_relations(JsonbParseState **state, const Model *model, const Table *table)
{
	bool		found = false;
	ListCell   *lc;

	foreach(lc, table->foreign_keys)
	{
		ForeignKeySpec *foreign_key = lfirst(lc);
		Model	   *target = find_model(foreign_key->relid);
		ColumnSpec *column;
		ColumnSpec *key;

		if (target == NULL || list_length(foreign_key->column_names) != 1)
			continue;
		column = find_column(table->columns, linitial(foreign_key->column_names));
		key = find_column(read_model_columns(target,
											 read_table(target->relid)->columns,
											 ROWS_OF_QUERY),
						  linitial(foreign_key->target_columns));
		if (key->property == NULL || key->type != column->type)
			continue;

		if (!found)
		{
			push_key(state, "relations");
			pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
			found = true;
		}
		push_key(state, name_constraint("FK", model->table_name,
										foreign_key->column_names));
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		push_string(state, "type", "many-to-one");
		push_string(state, "target", target->definition->name);
		push_key(state, "joinColumn");
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		push_string(state, "name", column->column_name);
		push_string(state, "referencedColumnName", key->property);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
		push_string(state, "onDelete", print_action(foreign_key->on_delete));
		push_string(state, "onUpdate", print_action(foreign_key->on_update));
		if (foreign_key->deferrable)
			push_string(state, "deferrable", foreign_key->deferrable);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	if (found)
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/*
 * Indices, UNIQUE constraints of several columns (a column has its own one),
 * exclusions and checks.  TypeORM would drop those that its models lacked;
 * extend_model() does not need the built-in ones.
 */
static void
push_options(JsonbParseState **state, const Model *model, const Table *table,
			 List *columns, Reader reader)
{
	List	   *indexes = NIL;
	List	   *uniques = NIL;
	List	   *checks = NIL;
	ListCell   *lc;

	foreach(lc, table->indexes)
	{
		IndexSpec  *index = lfirst(lc);

		if (!has_properties(index->column_names, columns))
			continue;
		if (!index->is_constraint &&
			(reader == READER_TYPEORM || !is_builtin_index(model->definition, model->not_unique, index, table->indexes)))
			indexes = lappend(indexes, index);
		else if (index->is_constraint && index->is_unique && !index->is_primary &&
				 (list_length(index->column_names) > 1 ||
				  (reader == READER_EXTEND_MODEL &&
				   !is_plain_unique(model, index))))
			uniques = lappend(uniques, index);
	}

	/* TypeORM reads the columns of an index on expressions, and drops it */
	foreach(lc, table->other_indexes)
	{
		IndexSpec  *index = lfirst(lc);

		if (!index->is_constraint &&
			(reader == READER_TYPEORM ? index->column_names != NIL :
			 index->is_definable) &&
			has_properties(index->column_names, columns))
			indexes = lappend(indexes, index);
	}

	push_indexes(state, "indices", indexes, columns, reader);
	push_indexes(state, "uniques", uniques, columns, reader);

	if (reader == READER_TYPEORM)
		push_exclusions(state, table);

	foreach(lc, table->checks)
	{
		CheckSpec  *check = lfirst(lc);

		/* A definition cannot have a check that is not enforced */
		if (check->is_enforced || reader == READER_TYPEORM)
			checks = lappend(checks, check);
	}
	if (checks == NIL && reader == READER_EXTEND_MODEL)
		return;
	push_key(state, "checks");
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	foreach(lc, checks)
	{
		CheckSpec  *check = lfirst(lc);

		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		push_string(state, "name", check->name);
		push_string(state, "expression", check->expression);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

static void
push_indexes(JsonbParseState **state, const char *option, List *indexes,
			 List *columns, Reader reader)
{
	ListCell   *lc;

	if (indexes == NIL && reader == READER_EXTEND_MODEL)
		return;
	push_key(state, option);
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	foreach(lc, indexes)
	{
		IndexSpec  *index = lfirst(lc);

		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		push_string(state, "name", index->name);
		if (index->keys && reader == READER_EXTEND_MODEL)
			push_keys(state, index->keys, columns);
		else
			push_properties(state, index->column_names, columns, reader);
		if (index->is_unique && !index->is_constraint)
			push_boolean(state, "unique", true);
		if (index->where)
			push_string(state, "where", index->where);
		if (index->deferrable)
			push_string(state, "deferrable", index->deferrable);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

static void
push_exclusions(JsonbParseState **state, const Table *table)
{
	bool		found = false;
	ListCell   *lc;

	foreach(lc, table->other_indexes)
	{
		IndexSpec  *index = lfirst(lc);

		if (index->exclusion == NULL)
			continue;
		if (!found)
		{
			push_key(state, "exclusions");
			pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
			found = true;
		}
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		push_string(state, "name", index->name);
		push_string(state, "expression", index->exclusion);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	if (found)
		pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

/*
 * Does the option "unique" of its column describe the constraint completely?
 */
static bool
is_plain_unique(const Model *model, const IndexSpec *index)
{
	return index->deferrable == NULL &&
		strcmp(index->name, name_constraint("UQ", model->table_name,
											index->column_names)) == 0;
}

/*
 * Are all columns properties of the model?
 */
static bool
has_properties(List *column_names, List *columns)
{
	ListCell   *lc;

	foreach(lc, column_names)
	{
		if (find_column(columns, lfirst(lc))->property == NULL)
			return false;
	}
	return true;
}

/*
 * TypeORM reads a column that an index has twice only once.
 */
static void
push_properties(JsonbParseState **state, List *column_names, List *columns,
				Reader reader)
{
	List	   *pushed = NIL;
	ListCell   *lc;

	push_key(state, "columns");
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	foreach(lc, column_names)
	{
		if (reader == READER_TYPEORM && is_member(pushed, lfirst(lc)))
			continue;
		push_string(state, NULL, find_column(columns, lfirst(lc))->property);
		pushed = lappend(pushed, lfirst(lc));
	}
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

/*
 * The keys of an index on expressions.
 */
static void
push_keys(JsonbParseState **state, List *keys, List *columns)
{
	ListCell   *lc;

	push_key(state, "columns");
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	foreach(lc, keys)
	{
		const IndexKey *key = lfirst(lc);

		if (key->expression == NULL)
		{
			push_string(state, NULL, find_column(columns, key->column_name)->property);
			continue;
		}
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		push_string(state, "expression", key->expression);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}

/*
 * The options of a column, without those at TypeORM's defaults.
 */
static JsonbValue *
push_column(JsonbParseState **state, const Model *model,
			const ColumnSpec *column, Reader reader)
{
	/* TypeORM reads a domain as the type below */
	if (reader == READER_TYPEORM)
		column = without_domain(column);

	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_string(state, "name", column->column_name);
	push_type(state, model, column, reader);

	if (column->nullable)
		push_boolean(state, "nullable", true);
	if (column->unique ||
		(reader == READER_EXTEND_MODEL && column->builtin &&
		 may_repeat(model->definition, column->property)))
		push_boolean(state, "unique", column->unique);
	if (column->primary)
		push_boolean(state, "primary", true);
	if (column->generated == GENERATED_INCREMENT &&
		reader == READER_TYPEORM && !has_typeorm_sequence(model, column))
		push_string(state, "defaultExpression", print_nextval(column));
	else if (column->generated == GENERATED_INCREMENT ||
			 (column->generated == GENERATED_IDENTITY && column->builtin))
		push_boolean(state, "generated", true);
	else if (column->generated == GENERATED_IDENTITY)
		push_string(state, "generated", "identity");
	else if (column->generated == GENERATED_UUID)
		push_string(state, "generated", "uuid");
	else if (column->default_expr && !has_default_of_role(column))
		push_default(state, column, reader);
	else if (column->default_expr == NULL && column->nullable &&
			 (column->role == ROLE_CREATE_DATE || column->role == ROLE_UPDATE_DATE) &&
			 reader == READER_EXTEND_MODEL)
	{
		JsonbValue	none;

		/* It has one by default, and TypeORM has no option for none */
		none.type = jbvNull;
		push_value(state, "default", &none);
	}

	if (column->as_expression)
	{
		push_string(state, "asExpression", column->as_expression);
		push_string(state, "generatedType",
					column->generated_type == ATTRIBUTE_GENERATED_STORED ?
					"STORED" : "VIRTUAL");
	}
	if (column->foreign_key && reader == READER_EXTEND_MODEL &&
		(column->foreign_key->is_enforced || (column->gives & GIVES_FOREIGN_KEY)))
		push_foreign_key(state, model, column);

	if (OidIsValid(column->collation) &&
		column->collation != get_typcollation(column->type))
		push_string(state, "collation", reader == READER_TYPEORM ?
					get_collation_name(column->collation) :
					name_of_collation(column->collation));
	if (column->comment)
		push_string(state, "comment", column->comment);

	if (column->role != ROLE_NONE)
		push_boolean(state, role_option(column->role), true);
	if (!column->select)
		push_boolean(state, "select", false);

	/* A computed column cannot be written; extend_model() knows that */
	if (!column->insert || (column->as_expression && reader == READER_TYPEORM))
		push_boolean(state, "insert", false);
	if (!column->update || (column->as_expression && reader == READER_TYPEORM))
		push_boolean(state, "update", false);
	if (column->input && reader == READER_EXTEND_MODEL)
		push_boolean(state, "input", true);
	return pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

static void
push_foreign_key(JsonbParseState **state, const Model *model,
				 const ColumnSpec *column)
{
	const ForeignKeySpec *foreign_key = column->foreign_key;
	Model	   *target = find_model(foreign_key->relid);

	push_key(state, "foreignKey");
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_string(state, "target", target ? target->definition->name :
				quote_qualified_identifier(foreign_key->schema_name,
										   foreign_key->table_name));
	if (strcmp(foreign_key->name,
			   name_constraint("FK", model->table_name,
							   foreign_key->column_names)) != 0)
		push_string(state, "name", foreign_key->name);
	if (foreign_key->on_delete != FKCONSTR_ACTION_NOACTION)
		push_string(state, "onDelete", print_action(foreign_key->on_delete));
	if (foreign_key->on_update != FKCONSTR_ACTION_NOACTION)
		push_string(state, "onUpdate", print_action(foreign_key->on_update));
	if (foreign_key->deferrable)
		push_string(state, "deferrable", foreign_key->deferrable);
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/*
 * Does the column's sequence have the name by which TypeORM recognizes a
 * generated column?  After a rename of the table it does not, and TypeORM
 * would create a new sequence that starts with 1.
 */
static bool
has_typeorm_sequence(const Model *model, const ColumnSpec *column)
{
	return strcmp(name_of_relation(column->sequence),
				  psprintf("%s_%s_seq", model->table_name,
						   column->column_name)) == 0 &&
		get_rel_namespace(column->sequence) == model->schema;
}

/*
 * The default that calls nextval() of the column's sequence, as TypeORM reads
 * it.
 */
static char *
print_nextval(const ColumnSpec *column)
{
	char	   *schema = name_of_schema(get_rel_namespace(column->sequence));
	char	   *sequence = quote_qualified_identifier(schema,
													  name_of_relation(column->sequence));

	return psprintf("nextval(%s)", quote_literal_cstr(sequence));
}

/*
 * Is the default the implicit one of a date of creation or update?
 */
static bool
has_default_of_role(const ColumnSpec *column)
{
	return (column->role == ROLE_CREATE_DATE || column->role == ROLE_UPDATE_DATE) &&
		strcmp(column->default_sql, "now()") == 0;
}

static void
push_type(JsonbParseState **state, const Model *model, const ColumnSpec *column,
		  Reader reader)
{
	TypeModifiers modifiers = type_modifiers(column);
	ListCell   *lc;

	push_string(state, "type", reader == READER_TYPEORM ?
				describe_type(column) : name_in_definition(column));
	if (column->is_array)
		push_boolean(state, "array", true);
	if (column->enum_labels)
	{
		push_key(state, "enum");
		pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
		foreach(lc, column->enum_labels)
			push_string(state, NULL, lfirst(lc));
		pushJsonbValue(state, WJB_END_ARRAY, NULL);
		if (strcmp(column->enum_name,
				   name_enum(model->table_name, column->column_name)) != 0)
			push_string(state, "enumName", column->enum_name);
	}

	/* TypeORM reads no length of 1 from types that have it by default ... */
	if (modifiers.length >= 0 &&
		!(modifiers.length == 1 && has_default_length(column)))
		push_int(state, "length", modifiers.length);

	/* ... and no precision from arrays, nor a scale */
	if (column->is_array && reader == READER_TYPEORM)
		return;
	if (modifiers.precision >= 0)
		push_int(state, "precision", modifiers.precision);
	if (element_type(column) == NUMERICOID && modifiers.precision >= 0 &&
		modifiers.scale != 0)
		push_int(state, "scale", modifiers.scale);
}

/*
 * The default, as a literal if it is one.
 *
 * TypeORM compares a default with PostgreSQL's text without the casts: it
 * compares the text of a quoted literal, and of an expression.  So if the
 * literal would differ, PostgreSQL's text is returned as an expression.
 */
static void
push_default(JsonbParseState **state, const ColumnSpec *column, Reader reader)
{
	char	   *value = constant_default(column);
	char	   *expression = column->default_sql;
	Oid			type = element_type(column);
	bool		faithful = true;
	bool		as_literal;

	if (reader == READER_TYPEORM)
	{
		char	   *printed = typeorm_default(expression, &faithful);

		if (value == NULL)
			as_literal = false;
		else if (type == JSONOID || type == JSONBOID)
		{
			/* TypeORM parses the JSON, but only without PostgreSQL's quoting */
			as_literal = !column->is_array && faithful &&
				is_plain_json(value) &&
				strcmp(printed, psprintf("'%s'", value)) == 0;
		}
		else if (column->type == BOOLOID)
			as_literal = true;
		else
			as_literal = strcmp(printed, psprintf("'%s'", value)) == 0;

		if (!as_literal && faithful)
			expression = printed;
	}
	else
		as_literal = true;

	if (reader == READER_TYPEORM && value && !as_literal && faithful &&
		column->enum_labels)
	{
		/* TypeORM allows no expression here, but it does not quote either */
		push_string(state, "default",
					pnstrdup(expression + 1, strlen(expression) - 2));
	}
	else if (value && (as_literal || !faithful))
		push_literal(state, column, value);
	else
		push_string(state, "defaultExpression", expression);
}

/*
 * A constant default as a JSON value for extend_model() and TypeORM: a string
 * unless another kind is as exact.
 */
static void
push_literal(JsonbParseState **state, const ColumnSpec *column, char *value)
{
	if (column->type == BOOLOID)
		push_boolean(state, "default", value[0] == 't');
	else if ((column->type == JSONOID || column->type == JSONBOID) &&
			 is_plain_json(value))
	{
		JsonbValue	parsed;

		JsonbToJsonbValue(DatumGetJsonbP(DirectFunctionCall1(jsonb_in,
															 CStringGetDatum(value))),
						  &parsed);
		push_value(state, "default", &parsed);
	}
	else if (is_number_type(column->type) && is_javascript_number(value))
		push_number(state, "default", value);
	else if (column->is_array && array_delimiter(column) == ',' &&
			 is_plain_array(value))
	{
		char	   *element = value + 1;
		bool		numbers = is_number_type(element_type(column));

		push_key(state, "default");
		pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
		while (*element != '}')
		{
			size_t		length = strcspn(element, ",}");
			char	   *text = pnstrdup(element, length);

			if (numbers && is_javascript_number(text))
				push_number(state, NULL, text);
			else
				push_string(state, NULL, text);
			element += length;
			if (*element == ',')
				element++;
		}
		pushJsonbValue(state, WJB_END_ARRAY, NULL);
	}
	else
		push_string(state, "default", value);
}

/*
 * Does JavaScript print the number in the same way?
 */
static bool
is_javascript_number(const char *text)
{
	bool		negative = *text == '-';
	size_t		digits;
	size_t		fraction = 0;

	if (negative)
		text++;
	digits = strspn(text, "0123456789");
	if (digits == 0 || (text[0] == '0' && digits > 1))
		return false;
	if (text[digits] == '.')
	{
		fraction = strspn(text + digits + 1, "0123456789");
		if (fraction == 0 || text[digits + fraction] == '0' || fraction > 6)
			return false;
		fraction++;
	}
	return text[digits + fraction] == '\0' &&
		digits + fraction <= MAX_JAVASCRIPT_DIGITS &&
		!(negative && strcmp(text, "0") == 0);
}

/*
 * Does the text of an object or an array stay the same when it is parsed as
 * JSON and printed again?
 */
static bool
is_plain_json(const char *text)
{
	Jsonb	   *json;

	if ((text[0] != '{' && text[0] != '[') || strstr(text, "\\u0000"))
		return false;
	json = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
	return strcmp(JsonbToCString(NULL, &json->root, VARSIZE(json)), text) == 0;
}

/*
 * Is an array literal nothing but unquoted elements between its braces?
 */
static bool
is_plain_array(const char *text)
{
	size_t		length = strlen(text);

	return length >= 2 && text[0] == '{' &&
		strcspn(text + 1, "{}\"\\") == length - 2 &&
		pg_strcasecmp(text, "{NULL}") != 0 && strstr(text, "NULL") == NULL;
}

/*
 * A column's default as TypeORM reads it: PostgreSQL's text without anything
 * that looks like a cast, and an integer in quotes.
 *
 * "faithful" is set to false if this is no longer the default: if a part of a
 * literal looked like a cast, or more than a type's name followed one.
 */
static char *
typeorm_default(const char *expression, bool *faithful)
{
	StringInfoData buf;
	bool		quoted = false;
	const char *p = expression;
	char	   *end;

	*faithful = true;
	if (strcmp(expression, "now()") == 0 || strstr(expression, "'now'::text"))
		return pstrdup(expression);

	initStringInfo(&buf);
	while (*p)
	{
		size_t		cast = 0;

		if (p[0] == ':' && p[1] == ':')
			cast = strspn(p + 2,
						  "abcdefghijklmnopqrstuvwxyz"
						  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						  "0123456789_ \t\n.[]\"");
		if (cast > 0)
		{
			/* A word in capitals is SQL, and not part of a type's name */
			if (quoted || p[2 + cast] == '(' || IS_HIGHBIT_SET(p[2 + cast]) ||
				strcspn(p + 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") < cast)
				*faithful = false;
			p += 2 + cast;
			continue;
		}
		if (*p == '\'')
			quoted = !quoted;
		appendStringInfoChar(&buf, *p++);
	}

	/* /^(-?\d+)$/ */
	p = buf.data[0] == '-' ? buf.data + 1 : buf.data;
	(void) strtoul(p, &end, 10);
	if (*p >= '0' && *p <= '9' && *end == '\0')
		return psprintf("'%s'", buf.data);
	return buf.data;
}
