/*-------------------------------------------------------------------------
 *
 * engine.c
 *	  A model of PostgreSQL as another database can have it
 *
 * What the database cannot hold gets its nearest equivalent and a remark that
 * says what is different.  What would silently change its meaning is left out,
 * with a remark as well.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_attribute.h"
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "engine.h"

static const Engine *const engines[] = {
	&mysql_engine, &mariadb_engine, &sqlite_engine, &mongodb_engine
};

static EngineColumn *make_engine_column(const EngineModel *model,
										const Table *table,
										const ColumnSpec *found);
static const EngineType *find_type(const Engine *engine, const ColumnSpec *spec);
static const char *reason_to_leave_out(const Engine *engine,
									   const EngineColumn *column);
static void set_modifiers(EngineColumn *column);
static void set_default(const Engine *engine, EngineColumn *column);
static void add_index(EngineModel *model, const IndexSpec *index);
static const char *reason_against_index(const EngineModel *model,
										const IndexSpec *index,
										const EngineIndex *result);
static bool is_redundant(const IndexSpec *index, List *columns);
static void add_check(EngineModel *model, const CheckSpec *check);
static void add_reference(EngineModel *model,
						  const ForeignKeySpec *foreign_key);
static EngineColumn *find_kept(const EngineModel *model, const char *column_name);
static List *find_all_kept(const EngineModel *model, List *column_names);
static void add_model_remark(EngineModel *model, const char *format,...) pg_attribute_printf(2, 3);

/*
 * The database of a driver of TypeORM; NULL for PostgreSQL itself.
 *
 * Raise an ERROR, with the closest match in the hint, for an unknown driver.
 */
const Engine *
find_engine(const char *name)
{
	ClosestMatchState match;
	const char *closest;

	if (strcmp(name, "postgres") == 0)
		return NULL;
	initClosestMatch(&match, name, 4);
	updateClosestMatch(&match, "postgres");
	for (size_t i = 0; i < lengthof(engines); i++)
	{
		if (strcmp(engines[i]->name, name) == 0)
			return engines[i];
		updateClosestMatch(&match, engines[i]->name);
	}
	closest = getClosestMatch(&match);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("driver \"%s\" does not exist", name),
			 closest ? errhint("Perhaps you meant the driver \"%s\".", closest) :
			 errhint("The drivers are postgres, mysql, mariadb, sqlite and mongodb.")));
}

/*
 * The model, which has a table, in another database.
 */
EngineModel *
make_engine_model(const Engine *engine, const Model *model)
{
	EngineModel *result = palloc0_object(EngineModel);
	Table	   *table = read_table(model->relid);
	ListCell   *lc;

	result->engine = engine;
	result->model = model;
	result->table_name = engine->renames ? model->table_name :
		name_property(model->table_name);
	foreach(lc, read_model_columns(model, table->columns, ROWS_OF_QUERY))
	{
		const ColumnSpec *spec = lfirst(lc);

		if (spec->property && spec->attnum != 0)
			result->columns = lappend(result->columns,
									  make_engine_column(result, table, spec));
	}
	if (engine->fit_row)
		engine->fit_row(result);
	foreach(lc, table->indexes)
		add_index(result, lfirst(lc));
	foreach(lc, table->other_indexes)
	{
		const IndexSpec *index = lfirst(lc);

		add_model_remark(result, index->exclusion ?
						 "exclusion constraint \"%s\" is left out" :
						 "index \"%s\" is left out, as it has an expression",
						 index->name);
	}
	foreach(lc, table->checks)
		add_check(result, lfirst(lc));
	foreach(lc, table->foreign_keys)
		add_reference(result, lfirst(lc));
	return result;
}

/*
 * A column that the table has.
 */
static EngineColumn *
make_engine_column(const EngineModel *model, const Table *table,
				   const ColumnSpec *found)
{
	const Engine *engine = model->engine;
	const ColumnSpec *spec = without_domain(found);
	EngineColumn *column = palloc0_object(EngineColumn);

	column->spec = spec;
	column->type = find_type(engine, spec);
	column->name = spec->column_name;
	if (!engine->renames &&
		strcmp(spec->column_name, name_column(spec->property)) == 0)
		column->name = spec->property;
	column->left_out = reason_to_leave_out(engine, column);
	if (column->left_out)
		return column;

	column->unique = spec->unique && !spec->primary;
	column->increments = spec->generated == GENERATED_INCREMENT ||
		spec->generated == GENERATED_IDENTITY;
	add_remark(column, column->type->remark);
	set_modifiers(column);
	column->is_indexed = spec->primary || spec->unique ||
		is_member(table->indexed_columns, spec->column_name);
	engine->fit_type(column, column->is_indexed);
	set_default(engine, column);
	if (spec != found)
		add_remark(column, "the domain's constraints are PostgreSQL's alone");
	if (OidIsValid(spec->collation) &&
		spec->collation != get_typcollation(spec->type))
		add_remark(column, psprintf("the collation \"%s\" is PostgreSQL's alone",
									get_collation_name(spec->collation)));
	if (spec->comment && strlen(spec->comment) <= (size_t) engine->max_comment)
		column->comment = spec->comment;
	else if (spec->comment && engine->max_comment > 0)
		add_remark(column, "its comment is too long there");
	return column;
}

/*
 * What the engine has for the column's type.
 */
static const EngineType *
find_type(const Engine *engine, const ColumnSpec *spec)
{
	const EngineType *type;
	char	   *name;

	if (spec->is_array)
		return engine->array;
	if (spec->enum_labels)
		return engine->enumeration;
	if (spec->type == JSONOID || spec->type == JSONBOID)
		return engine->json;

	/* TypeORM writes some texts and reads them as something else */
	name = spec->type == TEXTOID && spec->type_name ? spec->type_name :
		name_of_type(spec->type);
	for (type = engine->types; type->type; type++)
	{
		if (strcmp(type->type, name) == 0)
			return type;
	}
	if (spec->type == TEXTOID)
	{
		for (type = engine->types; type->type; type++)
		{
			if (strcmp(type->type, "text") == 0)
				return type;
		}
	}
	return type;
}

/*
 * Why the engine's table cannot have the column; NULL if it can.
 */
static const char *
reason_to_leave_out(const Engine *engine, const EngineColumn *column)
{
	const ColumnSpec *spec = column->spec;
	ListCell   *lc;

	if (spec->as_expression)
		return "it is computed by PostgreSQL";
	if (column->type->storage == NOT_STORED)
		return psprintf("there is nothing like type %s", name_of_type(spec->type));
	if (!spec->primary && (spec->generated == GENERATED_INCREMENT ||
						   spec->generated == GENERATED_IDENTITY))
		return "only an id has a sequence there";
	if (engine->quote != '\0' && strchr(column->name, engine->quote))
		return psprintf("its name has the character %c", engine->quote);
	if (spec->is_array)
		return NULL;
	foreach(lc, spec->enum_labels)
	{
		if (!engine->takes_label(lfirst(lc)))
			return psprintf("TypeORM does not read the label \"%s\" there",
							(char *) lfirst(lc));
	}
	return NULL;
}

/*
 * Length, precision and scale: the column's own or what its type has there.
 */
static void
set_modifiers(EngineColumn *column)
{
	const EngineType *type = column->type;
	TypeModifiers modifiers = {-1, -1, -1};

	if (!column->spec->is_array)
		modifiers = type_modifiers(column->spec);

	/* A length of PostgreSQL's type is one there only of a string */
	column->length = column->precision = column->scale = -1;
	if (type->storage == STORED_AS_STRING)
		column->length = modifiers.length >= 0 ? modifiers.length :
			type->length > 0 ? type->length : -1;
	if (type->precision > 0)
		column->precision = modifiers.precision >= 0 ? modifiers.precision :
			type->precision;
	else if (type->storage == STORED_AS_TIME)
		column->precision = modifiers.precision;
	if (type->storage == STORED_AS_DECIMAL)
	{
		column->precision = modifiers.precision >= 0 ? modifiers.precision :
			type->precision > 0 ? type->precision : -1;
		column->scale = modifiers.precision >= 0 ? modifiers.scale :
			type->precision > 0 ? type->scale : -1;
	}
}

/*
 * The default, and what takes its place.
 */
static void
set_default(const Engine *engine, EngineColumn *column)
{
	const ColumnSpec *spec = column->spec;
	char	   *value = NULL;

	if (column->increments || spec->default_sql == NULL)
	{
		if (spec->role != ROLE_NONE)
			engine->fit_default(column, NULL);
		return;
	}
	if (spec->primary && strstr(spec->default_sql, "gen_random_uuid()"))
	{
		column->makes_uuid = true;
		return;
	}
	if (spec->is_array)
	{
		value = describe_default(spec);
		if (value && value[0] != '[')
			value = NULL;
	}
	else
		value = constant_default(spec);
	engine->fit_default(column, value);
	if (column->default_kind == NO_DEFAULT && !column->makes_uuid &&
		column->default_sql == NULL && spec->role == ROLE_NONE)
		add_remark(column, psprintf("the default %s is PostgreSQL's alone",
									spec->default_sql));
}

/*
 * An index, or a constraint that has one.
 */
static void
add_index(EngineModel *model, const IndexSpec *index)
{
	EngineIndex *result = palloc0_object(EngineIndex);
	const char *kind = index->is_constraint ? "constraint" : "index";
	const char *reason;

	result->name = index->name;
	result->columns = find_all_kept(model, index->column_names);
	if (index->where && model->engine->has_partial_indexes)
		result->where = print_plain_expression(index->where, model);
	if (index->is_primary || index->column_names == NIL ||
		is_redundant(index, result->columns))
		return;

	reason = reason_against_index(model, index, result);
	if (reason)
	{
		add_model_remark(model, "%s \"%s\" is left out: %s", kind, index->name, reason);
		return;
	}
	if (index->deferrable)
		add_model_remark(model, "%s \"%s\" is not deferrable there", kind, index->name);
	if (index->where && result->where == NULL)
		add_model_remark(model, "%s \"%s\" covers all rows, not only those where %s",
						 kind, index->name, index->where);

	if (!index->is_constraint && index->is_unique)
		model->unique_indexes = lappend(model->unique_indexes, result);
	else if (!index->is_constraint)
		model->indexes = lappend(model->indexes, result);
	else if (list_length(result->columns) > 1)
		model->uniques = lappend(model->uniques, result);
}

/*
 * Why there cannot be such an index; NULL if there can.
 */
static const char *
reason_against_index(const EngineModel *model, const IndexSpec *index,
					 const EngineIndex *result)
{
	int			bytes = 0;
	ListCell   *lc;

	if (list_length(result->columns) != list_length(index->column_names))
		return "so is one of its columns";
	foreach(lc, result->columns)
		bytes += engine_bytes(lfirst(lc));
	if (model->engine->max_key > 0 && bytes > model->engine->max_key)
		return psprintf("its columns can take %d bytes, and a key %d", bytes,
						model->engine->max_key);
	if (!index->is_unique)
		return NULL;
	if (index->nulls_not_distinct)
		return "two NULLs would not be the same there";
	if (index->where && result->where == NULL)
		return psprintf("it would cover all rows, not only those where %s",
						index->where);
	if (model->engine->nulls_differ || list_length(result->columns) == 1)
		return NULL;
	foreach(lc, result->columns)
	{
		if (((EngineColumn *) lfirst(lc))->spec->nullable)
			return "two NULLs would be the same there";
	}
	return NULL;
}

/*
 * Is the index one that a unique column has anyway?  Where a constraint is an
 * index, TypeORM gives both the same name.
 */
static bool
is_redundant(const IndexSpec *index, List *columns)
{
	return !index->is_constraint && list_length(columns) == 1 &&
		((EngineColumn *) linitial(columns))->unique && index->where == NULL;
}

static void
add_check(EngineModel *model, const CheckSpec *check)
{
	EngineCheck *result = palloc0_object(EngineCheck);

	result->name = check->name;
	if (model->engine->has_checks && check->is_enforced)
		result->expression = print_plain_expression(check->expression, model);
	if (result->expression)
		model->checks = lappend(model->checks, result);
	else
		add_model_remark(model, "constraint \"%s\" is left out: CHECK (%s)",
						 check->name, check->expression);
}

/*
 * A foreign key of one column to another model, which TypeORM has as a
 * relation.
 */
static void
add_reference(EngineModel *model, const ForeignKeySpec *foreign_key)
{
	EngineReference *result = palloc0_object(EngineReference);
	Model	   *target = find_model(foreign_key->relid);
	const ColumnSpec *key = NULL;

	if (target && list_length(foreign_key->column_names) == 1)
	{
		result->column = find_kept(model, linitial(foreign_key->column_names));
		key = find_column(read_model_columns(target,
											 read_table(target->relid)->columns,
											 ROWS_OF_QUERY),
						  linitial(foreign_key->target_columns));
	}
	if (result->column == NULL || key == NULL || key->property == NULL ||
		key->type != result->column->spec->type || !model->engine->renames)
	{
		add_model_remark(model, "foreign key \"%s\" is left out",
						 foreign_key->name);
		return;
	}
	result->name = name_constraint("FK", model->table_name,
								   foreign_key->column_names);
	result->target = target->definition->name;
	result->target_table = target->table_name;
	result->target_property = key->property;
	result->target_column = key->column_name;
	result->on_delete = print_action(foreign_key->on_delete);
	result->on_update = print_action(foreign_key->on_update);
	model->references = lappend(model->references, result);
}

/*
 * The column of that name, unless it is left out.
 */
static EngineColumn *
find_kept(const EngineModel *model, const char *column_name)
{
	ListCell   *lc;

	foreach(lc, model->columns)
	{
		EngineColumn *column = lfirst(lc);

		if (column->left_out == NULL &&
			strcmp(column->spec->column_name, column_name) == 0)
			return column;
	}
	return NULL;
}

static List *
find_all_kept(const EngineModel *model, List *column_names)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, column_names)
	{
		EngineColumn *column = find_kept(model, lfirst(lc));

		if (column)
			result = list_append_unique_ptr(result, column);
	}
	return result;
}

static void
add_model_remark(EngineModel *model, const char *format,...)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (;;)
	{
		va_list		args;
		int			needed;

		va_start(args, format);
		needed = appendStringInfoVA(&buf, format, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(&buf, needed);
	}
	model->remarks = lappend(model->remarks, buf.data);
}
