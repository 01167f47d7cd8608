/*-------------------------------------------------------------------------
 *
 * describe_model.c
 *	  Models -> what an application declares for its adapter
 *
 * An adapter that reads and writes declared fields only has to be told of the
 * custom ones.  What is described is what the adapter's views show of the
 * tables as they are now.  A column that add_adapter() would add first is
 * described as it would add it, so that the declaration can be written before.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "compat.h"
#include "engine.h"

PG_FUNCTION_INFO_V1(describe_model);

typedef struct Format
{
	const char *name;
	const char *adapter;		/* whose names it has; NULL: the model's */
	const char *const *taken;	/* by it or JavaScript, as properties */
	void		(*print) (StringInfo buf, List *models);
	const Engine *engine;		/* of whose tables it makes statements; NULL:
								 * it declares what PostgreSQL has */
	bool		exports;		/* makes statements that read its rows */
} Format;

/* The relations of a user and what refers to them, and what entities have */
#define ENTITY_NAMES \
	"user", "accounts", "sessions", "authenticators", \
	"toJSON", "prototype", "sequelize", "dataValues", "isNewRecord", \
	"uniqno", "_previousDataValues", "_changed", "_options"

static const char *const entity_names[] = {ENTITY_NAMES, OBJECT_NAMES, NULL};
static const char *const no_names[] = {NULL};

static const Format formats[] = {
	{"typeorm", "typeorm", entity_names, .print = print_typeorm},
	{"prisma", "prisma", entity_names, .print = print_prisma},
	{"drizzle", "drizzle", object_names, .print = print_drizzle},
	{"kysely", "kysely", no_names, .print = print_kysely},
	{"sequelize", "sequelize", entity_names, .print = print_sequelize},
	{"mikro-orm", "mikro-orm", entity_names, .print = print_mikro_orm},
	{"better-auth", "better-auth", object_names, .print = print_better_auth},
	{"better-auth-drizzle", "better-auth", object_names, .print = print_drizzle},
	{"better-auth-prisma", "better-auth", object_names, .print = print_prisma},
	{"typescript", "pg", no_names, .print = print_typescript},
	{"json-schema", NULL, no_names, .print = print_json_schema},
	{"mysql", .engine = &mysql_engine},
	{"mariadb", .engine = &mariadb_engine},
	{"sqlite", .engine = &sqlite_engine},
	{"mongodb", .engine = &mongodb_engine},
	{"mysql-export", .engine = &mysql_engine, .exports = true},
	{"mariadb-export", .engine = &mariadb_engine, .exports = true},
	{"sqlite-export", .engine = &sqlite_engine, .exports = true},
	{"mongodb-export", .engine = &mongodb_engine, .exports = true},
	{.name = NULL}
};

static Datum look_at_models(FunctionCallInfo fcinfo);
static const Format *find_format(const char *name);
static List *describe_all(const Format *format);
static DescribedModel *describe_one(const Format *format, Model *model,
									const ConventionView *view);
static EngineModel *describe_for_engine(const Format *format, const Model *model);
static const char *schema_of_views(const Adapter *adapter);
static List *own_columns(List *columns);
static const char *name_of_property(const Format *format,
									const ModelDefinition *definition,
									const ViewColumn *column);
static char *free_name(const Format *format, List *columns, const char *name);
static const ColumnSpec *missing_column(const Adapter *adapter,
										const Model *model,
										const char *property);
static const TypeInfo *shown_type(const DescribedColumn *column);

/*
 * describe_model(format text, model text)
 *
 * Returns the source that declares a model, or all models, in an application:
 * in the language and for the adapter that the format names, with the names
 * that the adapter's views have.
 *
 * Raises an ERROR if there is no such format or model, if the format's adapter
 * does not have the model, or if the model has no table.
 */
Datum
describe_model(PG_FUNCTION_ARGS)
{
	return look_for_result(look_at_models, fcinfo);
}

static Datum
look_at_models(FunctionCallInfo fcinfo)
{
	const Format *format;
	List	   *models;
	StringInfoData buf;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", "format")));
	format = find_format(text_to_cstring(PG_GETARG_TEXT_PP(0)));

	if (PG_NARGS() < 2 || PG_ARGISNULL(1))
		models = describe_all(format);
	else
	{
		Model	   *model = read_model(text_to_cstring(PG_GETARG_TEXT_PP(1)), ROWS_OF_QUERY);
		const ConventionView *view = NULL;

		if (format->adapter)
		{
			view = view_of(find_adapter(format->adapter), model->definition);
			if (view == NULL)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("format \"%s\" has no model \"%s\"",
								format->name, model->definition->name)));
		}
		models = format->engine ?
			list_make1(describe_for_engine(format, model)) :
			list_make1(describe_one(format, model, view));
	}

	initStringInfo(&buf);
	if (format->exports)
		format->engine->print_export(&buf, models);
	else if (format->engine)
		format->engine->print(&buf, models);
	else
		format->print(&buf, models);

	/* One line feed is psql's */
	while (buf.len > 0 && buf.data[buf.len - 1] == '\n')
		buf.data[--buf.len] = '\0';
	PG_RETURN_TEXT_P(cstring_to_text_with_len(buf.data, buf.len));
}

/*
 * The format of that name.
 *
 * Raise an ERROR, with the closest match and all formats in the hint, if there
 * is none.
 */
static const Format *
find_format(const char *name)
{
	ClosestMatchState match;
	const char *closest;
	List	   *names = NIL;

	initClosestMatch(&match, name, 4);
	for (const Format *format = formats; format->name; format++)
	{
		if (strcmp(format->name, name) == 0)
			return format;
		updateClosestMatch(&match, format->name);
		names = lappend(names, unconstify(char *, format->name));
	}

	closest = getClosestMatch(&match);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("format \"%s\" does not exist", name),
			 closest ?
			 errhint("Perhaps you meant the format \"%s\".  The formats are %s.",
					 closest, join_names(names)) :
			 errhint("The formats are %s.", join_names(names))));
}

/*
 * All models that the format's adapter has; without an adapter those that have
 * a table.
 */
static List *
describe_all(const Format *format)
{
	List	   *result = NIL;

	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, ROWS_OF_QUERY);
		const ConventionView *view = NULL;

		if (format->adapter)
			view = view_of(find_adapter(format->adapter), definition);
		if (format->adapter ? view == NULL :
			definition->optional && !OidIsValid(model->relid))
			continue;
		if (format->engine)
			result = lappend(result, describe_for_engine(format, model));
		else
			result = lappend(result, describe_one(format, model, view));
	}
	return result;
}

/*
 * What an application declares of a model that is there, or could be.
 *
 * Raise an ERROR if it has no table and adapters cannot be without it.
 */
static DescribedModel *
describe_one(const Format *format, Model *model, const ConventionView *view)
{
	const Adapter *adapter = format->adapter ? find_adapter(format->adapter) : NULL;
	DescribedModel *result = palloc0_object(DescribedModel);
	List	   *actual = NIL;
	List	   *columns;
	List	   *view_columns;
	ListCell   *lc;

	if (!model->definition->optional)
		check_model_table(model);
	if (OidIsValid(model->relid))
		actual = read_table(model->relid)->columns;
	columns = read_model_columns(model, actual, ROWS_OF_QUERY);

	result->definition = model->definition;
	result->adapter = adapter;
	result->name = view ? view->name : model->definition->name;
	result->schema = adapter ? schema_of_views(adapter) : model->schema_name;
	result->table = model->table_name;
	result->table_schema = model->schema_name;
	view_columns = view ? make_view_columns(adapter, view, columns) :
		own_columns(columns);

	foreach(lc, view_columns)
	{
		const ViewColumn *view_column = lfirst(lc);
		DescribedColumn *column = palloc0_object(DescribedColumn);
		const ColumnSpec *spec = view_column->column;

		/* Auth.js's own schema does without */
		if (view && is_optional_id(adapter, model->definition, view_column->property))
			continue;
		if (spec == NULL)
			spec = find_property(builtin_columns(model), view_column->property);
		if (spec == NULL)
			spec = missing_column(adapter, model, view_column->property);
		column->column = without_domain(spec);
		column->name = view_column->name;
		column->conversion = view_column->conversion;
		column->type = shown_type(column);
		column->is_custom = view_column->is_custom;
		column->has_default = spec->default_expr != NULL ||
			spec->generated != GENERATED_NEVER;
		column->property = name_of_property(format, model->definition, view_column);
		if (column->is_custom)
			column->property = free_name(format, result->columns,
										 column->property);
		result->columns = lappend(result->columns, column);
	}

	/* Ids that the adapter could not work with */
	if (adapter && !adapter_takes_ids(adapter, model->id_type))
		ereport(NOTICE,
				(errmsg("adapter \"%s\" cannot work with ids of type %s, which model \"%s\" has",
						adapter->name, print_id_type(model->id_type),
						model->definition->name)));
	return result;
}

/*
 * A model as another database has it.
 *
 * Raise an ERROR if it has no table.
 */
static EngineModel *
describe_for_engine(const Format *format, const Model *model)
{
	check_model_table(model);
	return make_engine_model(format->engine, model);
}

/*
 * The schema that an adapter's views are in: its default one, unless there are
 * others only.
 */
static const char *
schema_of_views(const Adapter *adapter)
{
	const char *result = NULL;
	ListCell   *lc;

	foreach(lc, read_adapter_schemas())
	{
		const AdapterSchema *schema = lfirst(lc);

		if (schema->adapter == adapter &&
			(result == NULL || strcmp(schema->schema_name, adapter->schema) == 0))
			result = schema->schema_name;
	}
	return result ? result : adapter->schema;
}

/*
 * The columns of a model under its own names, as a list of ViewColumn.
 */
static List *
own_columns(List *columns)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, columns)
	{
		const ColumnSpec *column = lfirst(lc);
		ViewColumn *view_column = palloc0_object(ViewColumn);

		if (column->property == NULL || (column->attnum == 0 && !column->builtin))
			continue;
		view_column->name = view_column->property = column->property;
		view_column->column = column;
		view_column->is_custom = !column->builtin;
		result = lappend(result, view_column);
	}
	return result;
}

/*
 * What an application calls a column of a view.  Where the view's names are in
 * snake case, the application's are still those of Auth.js, which Prisma's
 * convention has.
 */
static const char *
name_of_property(const Format *format, const ModelDefinition *definition,
				 const ViewColumn *column)
{
	const ConventionColumn *known;

	if (column->is_custom)
		return column->property;
	if (format->adapter == NULL ||
		!(find_adapter(format->adapter)->flags & ADAPTER_NAMES_COLUMNS))
		return column->name;

	known = find_shown(view_of(find_adapter("prisma"), definition), column->property);
	return known ? known->name : column->name;
}

/*
 * The name of a custom property or, if something else has it already, one with
 * an underscore behind it.
 */
static char *
free_name(const Format *format, List *columns, const char *name)
{
	bool		is_free = !is_one_of(name, format->taken);
	ListCell   *lc;

	foreach(lc, columns)
	{
		if (strcmp(((DescribedColumn *) lfirst(lc))->property, name) == 0)
			is_free = false;
	}
	return is_free ? pstrdup(name) :
		free_name(format, columns, psprintf("%s_", name));
}

/*
 * A column that the model lacks, as add_adapter() would make it.
 */
static const ColumnSpec *
missing_column(const Adapter *adapter, const Model *model,
			   const char *property)
{
	const MissingColumn *missing = find_missing(adapter, model, property);

	if (missing == NULL)
		elog(ERROR, "adapter \"%s\" does not say what property \"%s\" of model \"%s\" is",
			 adapter->name, property, model->definition->name);
	return make_missing_column(missing);
}

/*
 * The type, or the element type, that the view shows.
 */
static const TypeInfo *
shown_type(const DescribedColumn *column)
{
	switch (column->conversion)
	{
		case AS_IT_IS:
			break;
		case AS_UTC:
			return lookup_type(TIMESTAMPOID);
		case AS_MILLISECONDS:
			return lookup_type(VARCHAROID);
		case AS_FLAG:
			return lookup_type(BOOLOID);
	}
	return type_info(element_type(column->column));
}
