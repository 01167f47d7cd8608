/*-------------------------------------------------------------------------
 *
 * entity_schema.c
 *	  Models -> TypeORM's EntitySchema options, and rows for the views
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"

#include "compat.h"
#include "engine.h"

PG_FUNCTION_INFO_V1(entity_schema);
PG_FUNCTION_INFO_V1(entity_schemas);
PG_FUNCTION_INFO_V1(definition_of);
PG_FUNCTION_INFO_V1(options_of);
PG_FUNCTION_INFO_V1(columns_of);

static const Engine *get_engine(FunctionCallInfo fcinfo, int argument);
static JsonbValue *push_schema_for(JsonbParseState **state, const char *key,
								   const Engine *engine, const Model *model);
static JsonbValue *push_entity_schema(JsonbParseState **state,
									  const char *key, const Model *model);
static void push_relations(JsonbParseState **state, const Model *model,
						   const Table *table);
static ColumnSpec *with_further_options(const Model *model,
										const ColumnSpec *column);
static Datum look_at_entity_schema(FunctionCallInfo fcinfo);
static Datum look_at_entity_schemas(FunctionCallInfo fcinfo);
static Datum look_at_definition_of(FunctionCallInfo fcinfo);
static Datum look_at_options_of(FunctionCallInfo fcinfo);
static Datum look_at_columns_of(FunctionCallInfo fcinfo);

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
				 errmsg("argument \"%s\" must not be null", "name")));
	model = read_model(text_to_cstring(PG_GETARG_TEXT_PP(0)), ROWS_OF_QUERY);
	check_model_table(model);
	return model;
}

/*
 * entity_schema(name text [, driver text])
 *
 * Returns the model as the table is now, in the form of options for TypeORM's
 * EntitySchema, as jsonb: for the driver postgres unless another one is given.
 * A default that is an expression, which JSON has no type for, is in
 * "defaultExpression"; what is different in another database is in "remarks".
 *
 * Raises an ERROR if the model is unknown or has no table, or if there is no
 * such driver.
 */
Datum
entity_schema(PG_FUNCTION_ARGS)
{
	return look_for_result(look_at_entity_schema, fcinfo);
}

static Datum
look_at_entity_schema(FunctionCallInfo fcinfo)
{
	const Engine *engine = get_engine(fcinfo, 1);
	Model	   *model = get_model(fcinfo);
	JsonbParseState *state = NULL;

	PG_RETURN_JSONB_P(JsonbValueToJsonb(push_schema_for(&state, NULL, engine,
														model)));
}

/*
 * The database of the driver that the argument names; NULL for PostgreSQL.
 */
static const Engine *
get_engine(FunctionCallInfo fcinfo, int argument)
{
	if (PG_NARGS() <= argument)
		return NULL;
	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", "driver")));
	return find_engine(text_to_cstring(PG_GETARG_TEXT_PP(argument)));
}

static JsonbValue *
push_schema_for(JsonbParseState **state, const char *key, const Engine *engine,
				const Model *model)
{
	if (engine == NULL)
		return push_entity_schema(state, key, model);
	return push_engine_schema(state, key, make_engine_model(engine, model));
}

/*
 * entity_schemas([driver text])
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
	const Engine *engine = get_engine(fcinfo, 0);
	JsonbParseState *state = NULL;

	begin_object(&state, NULL);
	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, ROWS_OF_QUERY);

		if (!OidIsValid(model->relid))
			continue;
		(void) push_schema_for(&state, definition->name, engine, model);
	}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(end_object(&state)));
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

	begin_object(&state, NULL);
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
		push_column(&state, column->property, model, column,
					READER_EXTEND_MODEL);
	}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(end_object(&state)));
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

	begin_object(&state, NULL);
	push_options(&state, model, table,
				 read_model_columns(model, table->columns, ROWS_OF_QUERY),
				 READER_EXTEND_MODEL);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(end_object(&state)));
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
			values[12] = JsonbPGetDatum(JsonbValueToJsonb(push_column(&state, NULL, model,
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

static JsonbValue *
push_entity_schema(JsonbParseState **state, const char *key,
				   const Model *model)
{
	Table	   *table = read_table(model->relid);
	List	   *columns = read_model_columns(model, table->columns, ROWS_OF_QUERY);
	ListCell   *lc;

	begin_object(state, key);
	push_string(state, "name", model->definition->name);
	push_string(state, "tableName", model->table_name);
	push_string(state, "schema", model->schema_name);

	begin_object(state, "columns");
	foreach(lc, columns)
	{
		ColumnSpec *column = lfirst(lc);

		if (column->property == NULL || column->attnum == 0)
			continue;
		push_column(state, column->property, model, column, READER_TYPEORM);
	}
	end_object(state);

	push_relations(state, model, table);
	push_options(state, model, table, columns, READER_TYPEORM);
	return end_object(state);
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
			begin_object(state, "relations");
			found = true;
		}
		begin_object(state, name_constraint("FK", model->table_name,
											foreign_key->column_names));
		push_string(state, "type", "many-to-one");
		push_string(state, "target", target->definition->name);
		begin_object(state, "joinColumn");
		push_string(state, "name", column->column_name);
		push_string(state, "referencedColumnName", key->property);
		end_object(state);
		push_string(state, "onDelete", print_action(foreign_key->on_delete));
		push_string(state, "onUpdate", print_action(foreign_key->on_update));
		if (foreign_key->deferrable)
			push_string(state, "deferrable", foreign_key->deferrable);
		end_object(state);
	}
	if (found)
		end_object(state);
}
