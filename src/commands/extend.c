/*-------------------------------------------------------------------------
 *
 * extend.c
 *	  The verbs that define models: extend_model(), extend_models(), and
 *	  plan_model(), which only says what they would do
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "commands.h"

PG_FUNCTION_INFO_V1(extend_model);
PG_FUNCTION_INFO_V1(extend_models);
PG_FUNCTION_INFO_V1(plan_model);

static List *get_extensions(Jsonb *models);
static void look_at_plan(void *argument);
static void plan_extensions(void *extensions);
static List *locks_of_extensions(void *extensions, List *held);
static void check_extensions(void *extensions);
static bool changes_views(const ModelPlan *plan, List *columns);
static bool apply_plan(const Extension *extension);
static void report_changes(const Extension *extension);
static void report_shared_labels(const Extension *extension);
static char *describe_plan(const ModelPlan *plan);
static void put_rows(FunctionCallInfo fcinfo, const ModelPlan *plan,
					 const char *model);

/*
 * extend_model(name text, columns jsonb, options jsonb)
 *
 * Extends the model as defined by columns and options, in the table and in the
 * catalog: adds missing columns, alters those that differ in place, and leaves
 * the others.  Returns a row for each column: property, column_name,
 * data_type, action; and one without a property for each index or constraint
 * of the options.
 *
 * Raises an ERROR, and changes nothing, if the model, an option or a type is
 * unknown, if a definition is contradictory or contradicts what is built in,
 * if data would be lost or a large table read or rewritten under a lock, or if
 * the user does not own the table.  Definitions have the meaning that TypeORM
 * gives them; columns are named as NextAuth's adapter names them.
 */
Datum
extend_model(PG_FUNCTION_ARGS)
{
	Extension  *extension = get_extension(fcinfo);

	InitMaterializedSRF(fcinfo, 0);
	begin_progress("extend_model");
	extend_all(list_make1(extension), "extend_model");
	end_progress();
	put_rows(fcinfo, extension->plan, NULL);
	return (Datum) 0;
}

/*
 * extend_models(models jsonb)
 *
 * extend_model() for each model of {"User": {"columns": {...}}, ...}, all of
 * them or none; its rows have the model in front.
 */
Datum
extend_models(PG_FUNCTION_ARGS)
{
	List	   *extensions;
	ListCell   *lc;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", "models")));
	extensions = get_extensions(get_jsonb(fcinfo, 0));

	InitMaterializedSRF(fcinfo, 0);
	begin_progress("extend_models");
	extend_all(extensions, "extend_models");
	end_progress();
	foreach(lc, extensions)
	{
		Extension  *extension = lfirst(lc);

		put_rows(fcinfo, extension->plan, extension->name);
	}
	return (Datum) 0;
}

/* The input and result of plan_model() */
typedef struct PlanLook
{
	Extension  *extension;
	List	   *statements;
	List	   *before;			/* of char *, that take views down */
	List	   *after;			/* and make them again */
	int64		rows;			/* -1 if they are hidden */
} PlanLook;

/*
 * plan_model(name text, columns jsonb, options jsonb)
 *
 * Returns the statements that extend_model() would run, in their order: step,
 * statement, the lock that it takes on the model's table, its cost (instant,
 * scan or rewrite), the rows that this concerns, and the privilege that it
 * needs, beside ownership of the table, if run by hand.
 *
 * If the user may not read the table, no rows are counted, and rows is null.
 * Raises the ERRORs of extend_model(), but for those of limits, which are a
 * NOTICE, and of ownership.
 */
Datum
plan_model(PG_FUNCTION_ARGS)
{
	PlanLook	plan = {0};
	bool		drops_column = false;
	int			step = 0;
	ListCell   *lc;

	InitMaterializedSRF(fcinfo, 0);
	plan.extension = get_extension(fcinfo);
	plan.extension->only_plan = true;
	look(look_at_plan, &plan);

	/* Otherwise guard.c would refuse the statements when they are run by hand */
	foreach(lc, plan.extension->plan->steps)
		drops_column |= ((Step *) lfirst(lc))->kind == STEP_DROP_COLUMN;
	if (drops_column)
		put_text(fcinfo, ++step, "SET LOCAL nextauth.protect_columns TO off");
	foreach(lc, plan.before)
		put_text(fcinfo, ++step, lfirst(lc));
	foreach(lc, plan.statements)
		put_statement(fcinfo, ++step, lfirst(lc), plan.rows, plan.extension->model);
	foreach(lc, plan.after)
		put_text(fcinfo, ++step, lfirst(lc));
	if (drops_column)
		put_text(fcinfo, ++step, "RESET nextauth.protect_columns");
	return (Datum) 0;
}

static void
look_at_plan(void *argument)
{
	PlanLook   *plan = argument;
	Extension  *extension = plan->extension;
	StepCost	cost = COST_INSTANT;
	ListCell   *lc;

	plan_extension(extension);
	check_cost(extension->model, extension->plan->steps, NOTICE);
	check_data(extension->model, extension->plan->steps, NOTICE);
	plan->statements = print_steps(extension->model, extension->plan->steps);
	plan->before = plan->after = NIL;
	if (extension->views != NIL)
		plan_views(extension->model, extension->plan->steps,
				   extension->plan->all_columns, &plan->before, &plan->after);

	foreach(lc, plan->statements)
		cost = Max(cost, ((Statement *) lfirst(lc))->cost);
	plan->rows = 0;
	if (extension->model->hides_rows)
		plan->rows = -1;
	else if (cost > COST_INSTANT)
		plan->rows = count_rows(extension->model->relid);
}

/*
 * Read the definition from the arguments name, columns and options.
 */
Extension *
get_extension(FunctionCallInfo fcinfo)
{
	Extension  *extension = palloc0_object(Extension);

	extension->name = get_text(fcinfo, 0, "name");
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("columns of model \"%s\" must not be null", extension->name)));
	if (PG_NARGS() > 2 && PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("options of model \"%s\" must not be null", extension->name)));
	extension->columns = &get_jsonb(fcinfo, 1)->root;
	extension->options = &get_jsonb(fcinfo, 2)->root;
	return extension;
}

/*
 * Read the definitions from {"User": {"columns": {...}, "indices": [...],
 * ...}, ...}.
 */
static List *
get_extensions(Jsonb *models)
{
	List	   *result = NIL;
	JsonbIterator *it;
	char	   *name;
	JsonbValue	value;

	if (!JB_ROOT_IS_OBJECT(models))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("models must be an object"),
				 errhint("Write {\"User\": {\"columns\": {\"property\": {\"type\": ...}}}}.")));

	it = JsonbIteratorInit(&models->root);
	while (next_json_value(&it, &name, &value))
	{
		Extension  *extension = palloc0_object(Extension);
		JsonbValue	columns;

		extension->name = name;
		(void) find_model_definition(name);
		if (!is_object(&value) ||
			!getKeyJsonValueFromContainer(value.val.binary.data, "columns",
										  strlen("columns"), &columns) ||
			columns.type != jbvBinary)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("definition of model \"%s\" must be an object with \"columns\"",
							extension->name)));
		extension->columns = columns.val.binary.data;
		extension->options = value.val.binary.data;
		extension->options_have_columns = true;
		result = lappend(result, extension);
	}
	return result;
}

/*
 * Extend models as the extensions, a list of Extension, define.  Their plans
 * then have the changes made.
 */
void
extend_all(List *extensions, const char *verb)
{
	LockedPlan	plan = {
		.command = psprintf("%s()", verb),
		.plan = plan_extensions,
		.find_locks = locks_of_extensions,
		.check = check_extensions,
		.argument = extensions
	};
	bool		changed = false;
	ListCell   *lc;

	foreach(lc, extensions)
	{
		Extension  *extension = lfirst(lc);

		extension->verb = verb;
		adopt_if_missing(extension->name);
	}
	plan_and_lock(&plan);

	foreach(lc, extensions)
	{
		/* They can share an enum type that is new or has a new label now */
		if (changed)
			plan_extension(lfirst(lc));
		changed |= apply_plan(lfirst(lc));
	}
}

/*
 * plan_extension(), while others may change the tables and the catalog.
 */
void
plan_unlocked(Extension *extension)
{
	look(plan_extensions, list_make1(extension));
}

static void
plan_extensions(void *extensions)
{
	ListCell   *lc;

	foreach(lc, (List *) extensions)
		plan_extension(lfirst(lc));
}

static List *
locks_of_extensions(void *extensions, List *held)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, (List *) extensions)
	{
		const Extension *extension = lfirst(lc);

		result = list_concat(result, required_locks(extension,
													extension->plan->steps, held));
	}
	return result;
}

/*
 * Raise an ERROR if a plan is too costly, or if the rows or the adapters' views
 * do not allow it.
 */
static void
check_extensions(void *extensions)
{
	ListCell   *lc;

	foreach(lc, (List *) extensions)
	{
		Extension  *extension = lfirst(lc);
		List	   *steps = extension->plan->steps;

		extension->checked_cost = highest_cost(steps);
		check_cost(extension->model, steps, ERROR);
		check_data(extension->model, steps, ERROR);
		if (extension->views != NIL)
			check_views(extension->model, steps, extension->plan->all_columns);
	}
}

/*
 * Make the plan of an extension from the present state of its model.
 *
 * Raise an ERROR if the user does not own the model's table, unless it is only
 * for the plan.
 */
void
plan_extension(Extension *extension)
{
	Model	   *model = read_model(extension->name, NEWEST_ROWS);
	Table	   *table;
	List	   *columns;
	SavedUser	user;
	bool		as_owner;
	ListCell   *lc;

	check_model_table(model);
	as_owner = owns_relation(model->relid);
	if (extension->only_plan)
	{
		model->hides_rows = !may_see_rows(model);
		model->asks_nothing = !as_owner;
	}
	else
		check_model_owner(model);
	if (as_owner)
		check_surroundings(model);
	table = read_table(model->relid);
	columns = read_model_columns(model, table->columns, NEWEST_ROWS);
	extension->model = model;

	/*
	 * Parsing an expression may call its functions.  Its author needs the
	 * owner's rights, or it must not be parsed with them.
	 */
	if (as_owner)
		begin_owner(&user, model->owner);
	extension->plan = make_plan(model, parse_columns(model, extension->columns),
								parse_model_options(model, extension->options,
													extension->options_have_columns),
								table, columns, extension->online);
	if (as_owner)
		end_user(&user);
	foreach(lc, extension->plan->steps ? extension->plan->columns : NIL)
	{
		const ColumnSpec *desired = ((PlannedColumn *) lfirst(lc))->column;

		check_still_suits(model, find_property(columns, desired->property), desired);
	}
	extension->views = NIL;
	if (changes_views(extension->plan, columns))
		extension->views = find_adapter_views(model);
}

/*
 * Must the adapters' views change, too?  They show the custom columns, except
 * those with "select": false, with their defaults and comments.
 */
static bool
changes_views(const ModelPlan *plan, List *columns)
{
	ListCell   *lc;

	foreach(lc, plan->columns)
	{
		const PlannedColumn *planned = lfirst(lc);
		const ColumnSpec *found = find_property(columns, planned->column->property);

		if (planned->action == ACTION_ADDED || planned->action == ACTION_ADOPTED ||
			found == NULL || found->select != planned->column->select)
			return true;
	}
	foreach(lc, plan->steps)
	{
		if (traits_of(((Step *) lfirst(lc))->kind)->flags & CHANGES_VIEW)
			return true;
	}
	return false;
}

/*
 * The locks that the steps of a plan need and that are not among those held: on
 * the model's table, strong enough that no two callers change a model at the
 * same time; on tables that foreign keys refer to or from; and on enum types.
 *
 * Raise an ERROR if the user has no right to an object that would be locked.
 */
List *
required_locks(const Extension *extension, List *steps, List *held)
{
	const Model *model = extension->model;
	LOCKMODE	mode = NoLock;
	List	   *locks = NIL;
	ListCell   *lc;

	if (steps != NIL || extension->plan->changes_catalog)
		mode = ShareUpdateExclusiveLock;
	if (steps != NIL)
		check_owner_usage(model);
	foreach(lc, steps)
	{
		mode = Max(mode, traits_of(((Step *) lfirst(lc))->kind)->lock);
		if (makes_object(lfirst(lc)))
			check_creator(model);
	}

	/* SHARE alone would let two callers in */
	if (mode == ShareLock)
		mode = ShareRowExclusiveLock;
	if (mode != NoLock)
		add_lock(&locks, held, InvalidOid, model->relid, mode);
	add_view_locks(&locks, held, extension->views);
	check_taken_views(extension->views, steps);

	foreach(lc, steps)
	{
		const Step *step = lfirst(lc);
		const ForeignKeySpec *foreign_key = step->foreign_key;

		/*
		 * A new type re-creates the column's foreign keys, also those that
		 * refer to it
		 */
		mode = AccessExclusiveLock;
		if (step->kind == STEP_ADD_FOREIGN_KEY)
		{
			check_foreign_key_target(foreign_key, model->owner);
			mode = ShareRowExclusiveLock;
		}
		else if (traits_of(step->kind)->flags & REMAKES_KEYS)
		{
			ListCell   *lc2;

			foreign_key = step->from->foreign_key;
			foreach(lc2, find_referring_tables(model->relid, step->from->attnum))
				add_lock(&locks, held, InvalidOid, lfirst_oid(lc2),
						 AccessExclusiveLock);
		}
		if (foreign_key && foreign_key->relid != model->relid)
			add_lock(&locks, held, InvalidOid, foreign_key->relid, mode);

		if (step->kind == STEP_ADD_LABEL)
		{
			Oid			type = element_type(step->from);

			if (!object_ownercheck(TypeRelationId, type, GetUserId()))
				aclcheck_error_type(ACLCHECK_NOT_OWNER, type);
			add_lock(&locks, held, TypeRelationId, type, ExclusiveLock);
		}
		else if (step->kind == STEP_CREATE_TYPE)
			add_lock(&locks, held, NamespaceRelationId, model->schema,
					 ShareUpdateExclusiveLock);
	}
	return locks;
}

/*
 * Raise an ERROR, with the GRANT in the hint, if the owner of the table with
 * the new foreign key may not refer to the other table: nobody may lock a
 * table without a right to it.
 *
 * If the owner may read the other table, PostgreSQL checks all rows in a query
 * planned with the owner's rights: then the table must not have code of other
 * roles.
 */
void
check_foreign_key_target(const ForeignKeySpec *foreign_key, Oid owner)
{
	Oid			relid = foreign_key->relid;
	const char *key = linitial(foreign_key->target_columns);
	AttrNumber	attnum = get_attnum(relid, key);
	const char *code;

	check_usage(NamespaceRelationId, get_rel_namespace(relid), owner);
	if (pg_class_aclcheck(relid, owner, ACL_REFERENCES) != ACLCHECK_OK &&
		pg_attribute_aclcheck(relid, attnum, owner, ACL_REFERENCES) != ACLCHECK_OK)
		report_no_privilege(psprintf("table %s", name_of_relation(relid)), owner,
							psprintf("REFERENCES (%s) ON TABLE %s",
									 quote_identifier(key), quote_relation(relid)));

	if (is_taken_from(owner_of_relation(relid), owner) ||
		(pg_class_aclcheck(relid, owner, ACL_SELECT) != ACLCHECK_OK &&
		 pg_attribute_aclcheck(relid, attnum, owner, ACL_SELECT) != ACLCHECK_OK))
		return;
	code = find_foreign_code(relid, owner);
	if (code)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("referenced table \"%s\" has code that does not belong to role \"%s\"",
						name_of_relation(relid), GetUserNameFromId(owner, true)),
				 errdetail("PostgreSQL would run it with the rights of that role: %s.", code),
				 errhint("Drop this code, or revoke SELECT on the table from the role.")));
}

/*
 * Returns false if there was nothing to do.
 */
static bool
apply_plan(const Extension *extension)
{
	const Model *model = extension->model;
	const ModelPlan *plan = extension->plan;
	List	   *printed;
	List	   *statements = NIL;
	List	   *changed = NIL;
	List	   *views = NIL;
	ListCell   *lc;

	if (plan->steps == NIL && !plan->changes_catalog)
		return false;

	if (plan->steps != NIL)
	{
		/* An object that made it cheaper may have been dropped meanwhile */
		if (highest_cost(plan->steps) > extension->checked_cost)
			check_cost(model, plan->steps, ERROR);
		check_data_locked(model, plan->steps);
		printed = print_steps(model, plan->steps);
		views = take_down_views(model, plan->steps);
		run_steps(model, printed);
		statements = list_concat(texts_of_taken(views), texts_of(printed));
	}

	foreach(lc, plan->columns)
	{
		PlannedColumn *planned = lfirst(lc);

		if (planned->action == ACTION_UNCHANGED)
			continue;
		if (!OidIsValid(planned->column->type))
			resolve_enum_type(planned->column, model);
		if (planned->action == ACTION_ADDED || planned->action == ACTION_ADOPTED)
			planned->column->of_adapter = extension->for_adapter;
		if (!planned->column->builtin)
			changed = lappend(changed, planned->column);
	}
	write_custom_columns(model, changed);
	if (!equal_names(plan->not_unique, model->not_unique))
		write_not_unique(model, plan->not_unique);
	if (extension->views != NIL)
		statements = list_concat(statements, refresh_views(model, views));
	write_change(model->definition->name, extension->verb, describe_plan(plan),
				 statements);
	report_shared_labels(extension);
	report_changes(extension);
	return true;
}

/*
 * Report the changes of existing columns, indexes and constraints.
 */
static void
report_changes(const Extension *extension)
{
	ListCell   *lc;

	foreach(lc, extension->plan->columns)
	{
		PlannedColumn *planned = lfirst(lc);

		if (planned->action == ACTION_ALTERED && planned->changes)
			ereport(NOTICE,
					(errmsg("altered property \"%s\" of model \"%s\": %s",
							planned->column->property, extension->name,
							planned->changes),
					 planned->column->builtin && is_citext(planned->column->type) ?
					 errhint("Values are compared regardless of case only if schema %s is on the \"search_path\", including the application's.",
							 quote_identifier(name_of_schema(namespace_of_type(planned->column->type)))) : 0));
	}
	foreach(lc, extension->plan->objects)
	{
		PlannedObject *planned = lfirst(lc);

		if (planned->action == ACTION_ALTERED)
			ereport(NOTICE,
					(errmsg("altered %s \"%s\" of model \"%s\"", planned->kind,
							planned->name, extension->name)));
	}
}

/*
 * The models that share an enum type are changed, too, when it gets a label.
 */
static void
report_shared_labels(const Extension *extension)
{
	List	   *types = NIL;
	ListCell   *lc;

	foreach(lc, extension->plan->steps)
	{
		Step	   *step = lfirst(lc);

		if (step->kind == STEP_ADD_LABEL)
			types = list_append_unique_oid(types, element_type(step->from));
	}
	for (const ModelDefinition *m = next_model(NULL); types != NIL && m;
		 m = next_model(m))
	{
		Model	   *model = read_model(m->name, NEWEST_ROWS);
		StringInfoData changes;

		if (!OidIsValid(model->relid) || model->relid == extension->model->relid)
			continue;
		initStringInfo(&changes);
		foreach(lc, read_model_columns(model, read_table(model->relid)->columns, NEWEST_ROWS))
		{
			ColumnSpec *column = lfirst(lc);

			if (column->property && column->attnum != 0 &&
				list_member_oid(types, element_type(column)))
				append_change(&changes, column->property, "altered");
		}
		if (changes.len > 0)
			write_change(m->name, extension->verb, changes.data, NIL);
	}
}

/*
 * The action as functions return it.
 */
const char *
print_planned_action(ColumnAction action)
{
	static const char *const actions[] = {
		[ACTION_UNCHANGED] = "unchanged",
		[ACTION_ADDED] = "added",
		[ACTION_ALTERED] = "altered",
		[ACTION_ADOPTED] = "adopted"
	};

	return actions[action];
}

/*
 * The changes of a plan, as JSON: properties, indices and constraints, each
 * with its change.
 */
static char *
describe_plan(const ModelPlan *plan)
{
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	foreach(lc, plan->columns)
	{
		PlannedColumn *planned = lfirst(lc);

		if (planned->action != ACTION_UNCHANGED)
			append_change(&buf, planned->column->property,
						  print_planned_action(planned->action));
	}
	foreach(lc, plan->objects)
	{
		PlannedObject *planned = lfirst(lc);

		if (planned->action != ACTION_UNCHANGED)
			append_change(&buf, planned->name,
						  print_planned_action(planned->action));
	}
	return buf.data;
}

/*
 * A row for each column of a plan, with the model in front unless it is NULL;
 * then one for each index or constraint.
 */
static void
put_rows(FunctionCallInfo fcinfo, const ModelPlan *plan, const char *model)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const char *texts[5] = {model};
	const char **of_column = model ? texts + 1 : texts;
	ListCell   *lc;

	foreach(lc, plan->columns)
	{
		PlannedColumn *planned = lfirst(lc);
		ColumnSpec *column = planned->column;

		of_column[0] = column->property;
		of_column[1] = column->column_name;
		of_column[2] = format_type_with_typemod(column->type, column->typmod);
		of_column[3] = print_planned_action(planned->action);
		put_texts(rsinfo, texts);
	}
	of_column[0] = NULL;
	foreach(lc, plan->objects)
	{
		PlannedObject *planned = lfirst(lc);

		of_column[1] = planned->name;
		of_column[2] = planned->kind;
		of_column[3] = print_planned_action(planned->action);
		put_texts(rsinfo, texts);
	}
}

/*
 * A row of a plan: a statement, and the rows of its table, or -1 if they are
 * hidden.
 */
void
put_statement(FunctionCallInfo fcinfo, int step, const Statement *statement,
			  int64 rows, const Model *model)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum		values[6] = {0};
	bool		nulls[6] = {false};
	static const char *const costs[] = {
		[COST_INSTANT] = "instant",
		[COST_SCAN] = "scan",
		[COST_REWRITE] = "rewrite"
	};

	values[0] = Int32GetDatum(step);
	values[1] = CStringGetTextDatum(statement->sql);
	if (statement->lock != NoLock)
		values[2] = CStringGetTextDatum(print_lock(statement->lock));
	else
		nulls[2] = true;
	values[3] = CStringGetTextDatum(costs[statement->cost]);
	nulls[4] = rows < 0;
	values[4] = Int64GetDatum(statement->cost > COST_INSTANT ? rows : 0);
	if (statement->creates)
		values[5] = CStringGetTextDatum(psprintf("CREATE ON SCHEMA %s",
												 quote_identifier(model->schema_name)));
	else
		nulls[5] = true;
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/*
 * A row of a plan: a statement that takes neither lock nor time.
 */
void
put_text(FunctionCallInfo fcinfo, int step, const char *sql)
{
	Statement	statement = {.sql = unconstify(char *, sql)};

	put_statement(fcinfo, step, &statement, 0, NULL);
}
