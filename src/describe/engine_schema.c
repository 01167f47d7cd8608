/*-------------------------------------------------------------------------
 *
 * engine_schema.c
 *	  A model as options of TypeORM's EntitySchema for another driver
 *
 * They work in that driver of TypeORM 0.2 and with next-auth 3's adapter, which
 * changes some of them itself.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "engine.h"

static void push_engine_column(JsonbParseState **state, const EngineModel *model,
							   const EngineColumn *column);
static void push_type(JsonbParseState **state, const EngineColumn *column);
static void push_engine_default(JsonbParseState **state, const EngineColumn *column);
static void push_engine_indexes(JsonbParseState **state, const EngineModel *model);
static void push_index(JsonbParseState **state, const EngineModel *model,
					   const EngineIndex *index, bool is_unique);
static void push_references(JsonbParseState **state, const EngineModel *model);
static void push_remarks(JsonbParseState **state, const EngineModel *model);

/*
 * The options, with what is different in the other database as "remarks".
 */
JsonbValue *
push_engine_schema(JsonbParseState **state, const char *key,
				   const EngineModel *model)
{
	ListCell   *lc;

	begin_object(state, key);
	push_string(state, "name", model->model->definition->name);
	push_string(state, "tableName", model->table_name);
	begin_object(state, "columns");
	foreach(lc, model->columns)
	{
		const EngineColumn *column = lfirst(lc);

		if (column->left_out == NULL)
			push_engine_column(state, model, column);
	}
	end_object(state);
	push_references(state, model);
	push_engine_indexes(state, model);

	begin_array(state, "checks");
	foreach(lc, model->checks)
	{
		const EngineCheck *check = lfirst(lc);

		begin_object(state, NULL);
		push_string(state, "name", check->name);
		push_string(state, "expression", check->expression);
		end_object(state);
	}
	end_array(state);
	push_remarks(state, model);
	return end_object(state);
}

static void
push_engine_column(JsonbParseState **state, const EngineModel *model,
				   const EngineColumn *column)
{
	const ColumnSpec *spec = column->spec;

	begin_object(state, spec->property);
	if (model->engine->renames || strcmp(column->name, spec->property) != 0)
		push_string(state, "name", column->name);
	push_type(state, column);
	if (spec->nullable)
		push_boolean(state, "nullable", true);
	if (column->unique)
		push_boolean(state, "unique", true);
	if (spec->primary)
		push_boolean(state, "primary", true);
	if (column->increments)
		push_boolean(state, "generated", true);
	else if (column->makes_uuid)
		push_string(state, "generated", "uuid");
	push_engine_default(state, column);
	if (column->comment)
		push_string(state, "comment", column->comment);
	if (spec->role != ROLE_NONE)
		push_boolean(state, role_option(spec->role), true);
	if (!spec->select)
		push_boolean(state, "select", false);
	if (!spec->insert)
		push_boolean(state, "insert", false);
	if (!spec->update)
		push_boolean(state, "update", false);
	end_object(state);
}

static void
push_type(JsonbParseState **state, const EngineColumn *column)
{
	push_string(state, "type", column->type->name);
	if (column->length >= 0)
		push_int(state, "length", column->length);
	if (column->precision >= 0)
		push_int(state, "precision", column->precision);
	if (column->scale >= 0)
		push_int(state, "scale", column->scale);
	if (column->type->collation)
		push_string(state, "collation", column->type->collation);
	if (column->type->storage == STORED_AS_ENUM)
		push_strings(state, "enum", column->spec->enum_labels);
}

static void
push_engine_default(JsonbParseState **state, const EngineColumn *column)
{
	switch (column->default_kind)
	{
		case NO_DEFAULT:
			break;
		case DEFAULT_NUMBER:
			push_number(state, "default", column->default_value);
			break;
		case DEFAULT_BOOLEAN:
			push_boolean(state, "default", column->default_value[0] == 't');
			break;
		case DEFAULT_STRING:
			push_string(state, "default", column->default_value);
			break;
		case DEFAULT_EXPRESSION:
			push_string(state, "defaultExpression", column->default_value);
			break;
	}
}

static void
push_engine_indexes(JsonbParseState **state, const EngineModel *model)
{
	ListCell   *lc;

	begin_array(state, "indices");
	foreach(lc, model->indexes)
		push_index(state, model, lfirst(lc), false);
	foreach(lc, model->unique_indexes)
		push_index(state, model, lfirst(lc), true);
	end_array(state);

	begin_array(state, "uniques");
	foreach(lc, model->uniques)
		push_index(state, model, lfirst(lc), false);
	end_array(state);
}

/*
 * TypeORM's driver for MongoDB sends an option that is missing as null, which
 * MongoDB refuses.
 */
static void
push_index(JsonbParseState **state, const EngineModel *model,
		   const EngineIndex *index, bool is_unique)
{
	ListCell   *lc;

	begin_object(state, NULL);
	push_string(state, "name", index->name);
	begin_array(state, "columns");
	foreach(lc, index->columns)
		push_string(state, NULL, ((EngineColumn *) lfirst(lc))->spec->property);
	end_array(state);
	if (is_unique || !model->engine->renames)
		push_boolean(state, "unique", is_unique);
	if (!model->engine->renames)
	{
		push_boolean(state, "sparse", false);
		push_boolean(state, "background", false);
	}
	if (index->where)
		push_string(state, "where", index->where);
	end_object(state);
}

static void
push_references(JsonbParseState **state, const EngineModel *model)
{
	ListCell   *lc;

	if (model->references == NIL)
		return;
	begin_object(state, "relations");
	foreach(lc, model->references)
	{
		const EngineReference *reference = lfirst(lc);

		begin_object(state, reference->name);
		push_string(state, "type", "many-to-one");
		push_string(state, "target", reference->target);
		begin_object(state, "joinColumn");
		push_string(state, "name", reference->column->name);
		push_string(state, "referencedColumnName", reference->target_property);
		end_object(state);
		push_string(state, "onDelete", reference->on_delete);
		push_string(state, "onUpdate", reference->on_update);
		end_object(state);
	}
	end_object(state);
}

/*
 * TypeORM does not read them.
 */
static void
push_remarks(JsonbParseState **state, const EngineModel *model)
{
	StringInfoData buf;
	char	   *line;

	initStringInfo(&buf);
	append_remarks(&buf, model, "");
	begin_array(state, "remarks");
	for (line = strtok(buf.data, "\n"); line; line = strtok(NULL, "\n"))
		push_string(state, NULL, line + strspn(line, " "));
	end_array(state);
}
