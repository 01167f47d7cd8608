/*-------------------------------------------------------------------------
 *
 * check.c
 *	  check_models(): the differences between the tables and the catalog
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "commands.h"
#include "describe/describe.h"

PG_FUNCTION_INFO_V1(check_models);

static void check_model(ReturnSetInfo *rsinfo, const Model *model);
static void check_builtin_columns(ReturnSetInfo *rsinfo, const Model *model,
								  const Table *table);
static void check_declarations(ReturnSetInfo *rsinfo, const Model *model,
							   List *columns);
static void check_constraints(ReturnSetInfo *rsinfo, const Model *model,
							  const ColumnSpec *column);
static void check_adapter_views(ReturnSetInfo *rsinfo, const Model *model,
								List *columns);
static void check_lockouts(ReturnSetInfo *rsinfo, const Model *model,
						   List *columns);
static void check_former_views(ReturnSetInfo *rsinfo, const Model *model,
							   const AdapterSchema *schema);
static void check_adapter(ReturnSetInfo *rsinfo, const Model *model,
						  List *columns, const AdapterSchema *schema);
static char *remedy_adapter(const Adapter *adapter, const char *schema_name);
static char *remedy_different(const Model *model, const Table *table,
							  ColumnSpec *column);
static char *remedy_repetition(const Model *model, const ColumnSpec *column);
static Step *validate_not_null(const ColumnSpec *column);
static char *print_missing(const Model *model, ColumnSpec *column);
static char *join_statements(List *statements);
static void look_at_models(void *argument);
static void check_forged_rows(ReturnSetInfo *rsinfo);
static void check_catalog_schema(ReturnSetInfo *rsinfo);
static void check_version(ReturnSetInfo *rsinfo);
static char *remedy_undeclared(const Model *model, const ColumnSpec *column);
static char *print_declaration(const Model *model, const ColumnSpec *column,
							   const char *property);
static void put_finding(ReturnSetInfo *rsinfo, const Model *model,
						const char *property, const char *finding,
						const char *remedy);

/*
 * check_models()
 *
 * Returns a row for each difference between a table and its model: model,
 * property, finding, remedy.  No row means that all is well.
 */
Datum
check_models(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	look(look_at_models, fcinfo->resultinfo);
	return (Datum) 0;
}

static void
look_at_models(void *argument)
{
	ReturnSetInfo *rsinfo = argument;

	tuplestore_clear(rsinfo->setResult);
	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, ROWS_OF_QUERY);

		if (OidIsValid(model->relid))
			check_model(rsinfo, model);
		else if (!definition->optional)
			put_finding(rsinfo, model, NULL, "the model has no table",
						"SELECT nextauth.install() makes it, nextauth.adopt_model() takes one that is there.");
	}
	check_forged_rows(rsinfo);
	check_catalog_schema(rsinfo);
	check_version(rsinfo);
}

/*
 * Report rows of the catalog that do not count, because their writer had no
 * right to make the described change.
 */
static void
check_forged_rows(ReturnSetInfo *rsinfo)
{
	ListCell   *lc;

	foreach(lc, read_forged_rows())
	{
		const ForgedRow *row = lfirst(lc);

		put_finding(rsinfo, NULL, NULL,
					psprintf("row of nextauth.%s where %s: does not count",
							 row->table, row->condition),
					psprintf("DELETE FROM nextauth.%s WHERE %s; as a superuser.",
							 row->table, row->condition));
	}
}

/*
 * Report objects in schema nextauth that belong neither to the extension nor
 * to a model, and roles that could create more: a superuser might call them by
 * mistake.
 */
static void
check_catalog_schema(ReturnSetInfo *rsinfo)
{
	List	   *owners = NIL;
	ListCell   *lc;

	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, ROWS_OF_QUERY);

		if (OidIsValid(model->relid))
			owners = list_append_unique_oid(owners, model->owner);
	}
	foreach(lc, find_strangers(owners))
	{
		const Stranger *stranger = lfirst(lc);

		put_finding(rsinfo, NULL, NULL, stranger->finding, stranger->remedy);
	}
}

/*
 * The SQL objects of another version than the library's: a package replaces the
 * library, ALTER EXTENSION the objects.
 */
static void
check_version(ReturnSetInfo *rsinfo)
{
	char	   *version = installed_version();
	int			major = 0;
	int			minor = 0;
	int			library_major = 0;
	int			library_minor = 0;

	if (version == NULL || strcmp(version, NEXTAUTH_VERSION) == 0)
		return;
	(void) sscanf(version, "%d.%d", &major, &minor);
	(void) sscanf(NEXTAUTH_VERSION, "%d.%d", &library_major, &library_minor);
	put_finding(rsinfo, NULL, NULL,
				psprintf("extension \"nextauth\" is of version %s, and its library of version %s",
						 version, NEXTAUTH_VERSION),
				major > library_major || (major == library_major && minor > library_minor) ?
				psprintf("Install version %s, and connect again.", version) :
				"ALTER EXTENSION nextauth UPDATE; as a superuser.");
}

static void
check_model(ReturnSetInfo *rsinfo, const Model *model)
{
	Table	   *table = read_table(model->relid);
	List	   *columns = read_model_columns(model, table->columns, ROWS_OF_QUERY);
	List	   *schemas = read_adapter_schemas();
	ListCell   *lc;

	check_builtin_columns(rsinfo, model, table);
	check_declarations(rsinfo, model, columns);
	foreach(lc, columns)
		check_constraints(rsinfo, model, lfirst(lc));
	check_lockouts(rsinfo, model, columns);
	foreach(lc, schemas)
	{
		check_adapter(rsinfo, model, columns, lfirst(lc));
		check_former_views(rsinfo, model, lfirst(lc));
	}
	if (schemas != NIL && model->definition->fill_function &&
		!has_trigger(model->relid, FILL_TRIGGER))
		put_finding(rsinfo, model, NULL,
					psprintf("trigger \"%s\": missing", FILL_TRIGGER),
					remedy_adapter(((AdapterSchema *) linitial(schemas))->adapter,
								   ((AdapterSchema *) linitial(schemas))->schema_name));
	check_adapter_views(rsinfo, model, columns);

	foreach(lc, table->invalid_indexes)
		put_finding(rsinfo, model, NULL,
					psprintf("index \"%s\": %sleft by a build that was interrupted",
							 (char *) lfirst(lc),
							 is_build_name(lfirst(lc)) ? "" : "invalid, "),
					psprintf("DROP INDEX CONCURRENTLY %s; or, if the definition has it, call extend_model_online() again.",
							 quote_qualified_identifier(model->schema_name,
														lfirst(lc))));
}

/*
 * Report built-in columns that the table lacks, or has with another definition.
 */
static void
check_builtin_columns(ReturnSetInfo *rsinfo, const Model *model, const Table *table)
{
	ListCell   *lc;

	foreach(lc, builtin_columns(model))
	{
		ColumnSpec *column = lfirst(lc);
		char	   *finding = check_builtin_column(column, table, true);

		if (finding)
			put_finding(rsinfo, model, column->property,
						psprintf("column \"%s\": %s", column->column_name, finding),
						find_column(table->columns, column->column_name) ?
						remedy_different(model, table, column) :
						print_missing(model, column));
	}
}

/*
 * Report columns that the table has and the model does not declare, and the
 * other way round.
 */
static void
check_declarations(ReturnSetInfo *rsinfo, const Model *model, List *columns)
{
	ListCell   *lc;

	foreach(lc, columns)
	{
		const ColumnSpec *column = lfirst(lc);

		if (column->property == NULL)
			put_finding(rsinfo, model, NULL,
						psprintf("column \"%s\": not declared", column->column_name),
						remedy_undeclared(model, column));
		else if (!column->builtin && column->attnum == 0)
			put_finding(rsinfo, model, column->property,
						psprintf("column \"%s\": missing", column->column_name),
						"Call extend_model() with its definition to add it again.");
	}
}

/*
 * Report what not all rows of a custom column satisfy yet.
 */
static void
check_constraints(ReturnSetInfo *rsinfo, const Model *model,
				  const ColumnSpec *column)
{
	if (!column->builtin && column->property && column->unvalidated_not_null)
		put_finding(rsinfo, model, column->property,
					psprintf("column \"%s\": rows may have null, because its NOT NULL is not valid",
							 column->column_name),
					join_statements(print_steps(model,
												list_make1(validate_not_null(column)))));
	if (!column->builtin && (column->gives & GIVES_FOREIGN_KEY) &&
		column->foreign_key && !column->foreign_key->is_enforced)
		put_finding(rsinfo, model, column->property,
					psprintf("column \"%s\": its foreign key \"%s\" is not enforced",
							 column->column_name, column->foreign_key->name),
					"Call extend_model() with its definition to create it again.");
	if (column->is_filling)
		put_finding(rsinfo, model, column->property,
					psprintf("column \"%s\": not all rows have its default yet",
							 column->column_name),
					"Call extend_model_online() again.");
}

/*
 * Report adapters' views that are missing, or that differ from the model.
 */
static void
check_adapter_views(ReturnSetInfo *rsinfo, const Model *model, List *columns)
{
	ListCell   *lc;

	foreach(lc, find_adapter_views(model))
	{
		const AdapterView *view = lfirst(lc);

		if (OidIsValid(view->relid) && view->owner != model->owner)
			put_finding(rsinfo, model, NULL,
						psprintf("view \"%s.%s\": does not belong to the owner of the table",
								 view->schema_name, view->convention->name),
						psprintf("ALTER VIEW %s OWNER TO %s;", quote_relation(view->relid),
								 quote_identifier(GetUserNameFromId(model->owner, false))));
		else if (!OidIsValid(view->relid) ||
				 plan_view(view, model, columns, NULL) != NIL)
			put_finding(rsinfo, model, NULL,
						psprintf("view \"%s.%s\": %s", view->schema_name,
								 view->convention->name,
								 OidIsValid(view->relid) || view->is_taken ?
								 "differs from the model" : "missing"),
						remedy_adapter(view->adapter, view->schema_name));
	}
}

/*
 * Report what keeps people from signing in, to those who may know how many
 * rows there are.
 */
static void
check_lockouts(ReturnSetInfo *rsinfo, const Model *model, List *columns)
{
	ListCell   *lc;

	foreach(lc, may_see_rows(model) ? find_lockouts(model, columns) : NIL)
	{
		const Lockout *lockout = lfirst(lc);

		put_finding(rsinfo, model, lockout->property, lockout->finding,
					lockout->remedy);
	}
}

/*
 * Report views that an older version of the extension created for an adapter.
 */
static void
check_former_views(ReturnSetInfo *rsinfo, const Model *model,
				   const AdapterSchema *schema)
{
	ListCell   *lc;

	foreach(lc, find_former_views(schema->adapter, schema->schema_name))
	{
		const AdapterView *view = lfirst(lc);

		if (strcmp(view->convention->model, model->definition->name) == 0)
			put_finding(rsinfo, model, NULL,
						psprintf("view \"%s.%s\": does not belong to the adapter",
								 view->schema_name, view->convention->name),
						remedy_adapter(schema->adapter, schema->schema_name));
	}
}

/*
 * Report what the model lacks for an adapter.
 */
static void
check_adapter(ReturnSetInfo *rsinfo, const Model *model, List *columns,
			  const AdapterSchema *schema)
{
	for (const MissingColumn *c = missing_columns(schema->adapter, model->definition);
		 c->property; c++)
	{
		const ColumnSpec *column = find_property(columns, c->property);

		if (column == NULL)
			put_finding(rsinfo, model, c->property,
						psprintf("missing for adapter \"%s\"", schema->adapter->name),
						remedy_adapter(schema->adapter, schema->schema_name));
		else if (column->attnum != 0 && !suits_adapter(c, column))
			put_finding(rsinfo, model, c->property,
						psprintf("column \"%s\": does not suit adapter \"%s\"",
								 column->column_name, schema->adapter->name),
						describe_missing(c));
	}
}

static char *
remedy_adapter(const Adapter *adapter, const char *schema_name)
{
	return psprintf("SELECT nextauth.add_adapter(%s, %s);",
					quote_literal_cstr(adapter->name),
					quote_literal_cstr(schema_name));
}

/*
 * The statement that restores the default definition of a built-in column.
 * Another type may stay, because only types that adapters can use are adopted;
 * but a time without time zone may not.
 */
static char *
remedy_different(const Model *model, const Table *table, ColumnSpec *column)
{
	ColumnSpec *found = find_column(table->columns, column->column_name);
	List	   *steps = NIL;
	char	   *remedy;
	ListCell   *lc;

	if (!same_family(found->type, column->type))
		return psprintf("Alter the column of table %s, or adopt another table.",
						quote_table(model));
	if (found->type == TIMESTAMPOID && column->type == TIMESTAMPTZOID)
		return print_set_zone(model, list_make1(found));
	if (found->type != column->type || found->as_expression ||
		found->generated != column->generated)
		return "You can leave it: adapters work with it, but TypeORM's schema diff reports it.";

	if (found->nullable && !column->nullable)
	{
		Step	   *step = make_step(STEP_SET_NOT_NULL, column);

		step->from = found;
		steps = lappend(steps, step);
	}
	else if (!found->nullable && column->nullable)
		steps = lappend(steps, make_step(STEP_DROP_NOT_NULL, column));
	else if (found->unvalidated_not_null)
		steps = lappend(steps, validate_not_null(found));
	if (column->default_sql &&
		(found->default_sql == NULL ||
		 strcmp(found->default_sql, column->default_sql) != 0))
		steps = lappend(steps, make_step(STEP_SET_DEFAULT, column));
	if (column->unique && !found->unique)
	{
		Step	   *step = make_unique_step(model, column);

		foreach(lc, table->indexes)
		{
			IndexSpec  *index = lfirst(lc);

			if (index->is_unique && index->where == NULL &&
				equal_names(index->column_names, step->index->column_names))
			{
				step->index = index;
				step->by_index = index->name;
			}
		}
		steps = lappend(steps, step);
	}
	if (steps == NIL)
		return psprintf("Alter the column of table %s.", quote_table(model));
	remedy = join_statements(print_steps(model, steps));
	if (column->unique && !is_unique_column(table, column->column_name) &&
		may_repeat(model->definition, column->property))
		remedy = psprintf("%s Or, if values may repeat: %s", remedy,
						  remedy_repetition(model, column));
	return remedy;
}

/*
 * The call that defines a built-in unique property as not unique.
 */
static char *
remedy_repetition(const Model *model, const ColumnSpec *column)
{
	ColumnSpec	repeated = *column;

	repeated.unique = false;
	return print_declaration(model, &repeated, column->property);
}

static Step *
validate_not_null(const ColumnSpec *column)
{
	Step	   *step = make_step(STEP_VALIDATE_NOT_NULL, unconstify(ColumnSpec *, column));

	step->name = column->unvalidated_not_null;
	return step;
}

/*
 * The statement that adds a built-in column.
 */
static char *
print_missing(const Model *model, ColumnSpec *column)
{
	List	   *steps = list_make1(make_step(STEP_ADD_COLUMN, column));

	if (column->unique)
		steps = lappend(steps, make_unique_step(model, column));
	return join_statements(print_steps(model, steps));
}

static char *
join_statements(List *statements)
{
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	foreach(lc, texts_of(statements))
		appendStringInfo(&buf, "%s%s;", buf.len > 0 ? " " : "", (char *) lfirst(lc));
	return buf.data;
}

/*
 * The call that declares a column as it is, with "select": false if an adapter
 * keeps secrets in it.  If its type or collation belongs to another role, the
 * statement that changes its owner, which must come first.
 */
static char *
remedy_undeclared(const Model *model, const ColumnSpec *column)
{
	char	   *property = name_property(column->column_name);
	ColumnSpec	declared = *column;
	char	   *foreign = NULL;

	if (strchr(name_in_definition(column), '.') &&
		!is_taken_from(owner_of_type(element_type(column)), model->owner))
		foreign = psprintf("TYPE %s", name_in_definition(column));
	else if (OidIsValid(column->collation) &&
			 column->collation != get_typcollation(column->type) &&
			 !is_taken_from(owner_of_collation(column->collation), model->owner))
		foreign = psprintf("COLLATION %s", name_of_collation(column->collation));
	if (foreign)
		return psprintf("ALTER %s OWNER TO %s;", foreign,
						quote_identifier(GetUserNameFromId(model->owner, false)));

	for (const Adapter *adapter = adapters; adapter->name; adapter++)
	{
		const MissingColumn *missing = find_missing(adapter, model, property);

		if (missing && (missing->flags & MISSING_HIDDEN))
			declared.select = false;
	}
	return print_declaration(model, &declared, property);
}

static char *
print_declaration(const Model *model, const ColumnSpec *column,
				  const char *property)
{
	StringInfoData definition;

	initStringInfo(&definition);
	appendStringInfoChar(&definition, '{');
	escape_json(&definition, property);
	appendStringInfo(&definition, ": %s}", describe_definition(model, column));
	return psprintf("SELECT nextauth.extend_model(%s, %s);",
					quote_literal_cstr(model->definition->name),
					quote_literal_cstr(definition.data));
}

static void
put_finding(ReturnSetInfo *rsinfo, const Model *model, const char *property,
			const char *finding, const char *remedy)
{
	const char *texts[] = {
		model ? model->definition->name : NULL, property, finding, remedy
	};

	put_texts(rsinfo, texts);
}
