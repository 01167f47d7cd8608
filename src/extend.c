/*-------------------------------------------------------------------------
 *
 * extend.c
 *	  The verbs that define models: extend_model(), extend_models(), and
 *	  plan_model(), which only says what they would do; and grant_adapter()
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "nextauth.h"

PG_FUNCTION_INFO_V1(extend_model);
PG_FUNCTION_INFO_V1(extend_models);
PG_FUNCTION_INFO_V1(plan_model);
PG_FUNCTION_INFO_V1(grant_adapter);

static List *get_extensions(Jsonb *models);
static bool changes_views(const ModelPlan *plan, List *columns);
static void check_unlocked(void *argument);
static bool apply_plan(const Extension *extension);
static void report_changes(const Extension *extension);
static void report_shared_labels(const Extension *extension);
static char *describe_plan(const ModelPlan *plan);
static void put_rows(FunctionCallInfo fcinfo, const ModelPlan *plan,
					 const char *model);

/*
 * extend_model(name text, columns jsonb, options jsonb)
 *
 * Makes the model what columns and options say: adds what is missing, changes
 * in place what differs, leaves what is right, in the table and in the
 * catalog.  Returns a row for each column: property, column_name, data_type,
 * action; and one without a property for each index or constraint of the
 * options.
 *
 * Raises an ERROR, and changes nothing, if the model, an option or a type is
 * unknown, if a definition is contradictory or contradicts what is built in,
 * if data would be lost or a large table read or rewritten under a lock, or if
 * the user does not own the table.  What definitions mean is TypeORM's rule,
 * the names of columns are those of NextAuth's adapter.
 */
Datum
extend_model(PG_FUNCTION_ARGS)
{
	Extension  *extension = get_extension(fcinfo);

	InitMaterializedSRF(fcinfo, 0);
	extend_all(list_make1(extension), "extend_model");
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
				 errmsg("models must not be null")));
	extensions = get_extensions(PG_GETARG_JSONB_P(0));

	InitMaterializedSRF(fcinfo, 0);
	extend_all(extensions, "extend_models");
	foreach(lc, extensions)
	{
		Extension  *extension = lfirst(lc);

		put_rows(fcinfo, extension->plan, extension->name);
	}
	return (Datum) 0;
}

/*
 * plan_model(name text, columns jsonb, options jsonb)
 *
 * Returns the statements that extend_model() would run, in their order: step,
 * statement, the lock that it takes on the model's table, its cost (instant,
 * scan or rewrite) and the rows that this concerns.
 *
 * Raises the ERRORs of extend_model(), but for those of limits, which are a
 * NOTICE, and of ownership.
 */
Datum
plan_model(PG_FUNCTION_ARGS)
{
	Extension  *extension = get_extension(fcinfo);
	StepCost	cost = COST_INSTANT;
	bool		drops_column = false;
	int64		rows = 0;
	int			step = 0;
	List	   *statements;
	List	   *before = NIL;
	List	   *after = NIL;
	ListCell   *lc;

	InitMaterializedSRF(fcinfo, 0);
	extension->only_plan = true;
	plan_extension(extension);
	check_cost(extension->model, extension->plan->steps, NOTICE);
	check_data(extension->model, extension->plan->steps, false, NOTICE);
	statements = print_steps(extension->model, extension->plan->steps);
	if (extension->views != NIL)
		plan_views(extension->model, extension->plan->steps,
				   extension->plan->all_columns, &before, &after);

	foreach(lc, extension->plan->steps)
		drops_column |= ((Step *) lfirst(lc))->kind == STEP_DROP_COLUMN;
	foreach(lc, statements)
		cost = Max(cost, ((Statement *) lfirst(lc))->cost);
	if (cost > COST_INSTANT)
		rows = count_rows(extension->model->relid);

	/* By hand, the guard would refuse it */
	if (drops_column)
		put_statement(fcinfo, ++step, "SET nextauth.protect_columns TO off",
					  NoLock, COST_INSTANT, 0);
	foreach(lc, before)
		put_statement(fcinfo, ++step, lfirst(lc), NoLock, COST_INSTANT, 0);
	foreach(lc, statements)
	{
		Statement  *statement = lfirst(lc);

		put_statement(fcinfo, ++step, statement->sql, statement->lock,
					  statement->cost,
					  statement->cost > COST_INSTANT ? rows : 0);
	}
	foreach(lc, after)
		put_statement(fcinfo, ++step, lfirst(lc), NoLock, COST_INSTANT, 0);
	if (drops_column)
		put_statement(fcinfo, ++step, "RESET nextauth.protect_columns",
					  NoLock, COST_INSTANT, 0);
	return (Datum) 0;
}

/*
 * grant_adapter(role regrole)
 *
 * Gives a role what an adapter needs: to read and write the rows of all models
 * with whatever columns they will have, by their tables and by the adapters'
 * views, their sequences, and the catalog.
 *
 * Raises an ERROR if the user may not grant that, or a model has no table.
 */
Datum
grant_adapter(PG_FUNCTION_ARGS)
{
	List	   *models = NIL;
	List	   *views = NIL;
	List	   *schemas = NIL;
	ListCell   *lc;
	Oid			role;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("role must not be null")));
	role = PG_GETARG_OID(0);

	schemas = list_make1_oid(get_namespace_oid(NEXTAUTH_SCHEMA, false));
	for (const BuiltinModel *builtin = builtin_models; builtin->name; builtin++)
	{
		Model	   *model = read_model(builtin->name, true);

		if (builtin->optional && !OidIsValid(model->relid))
			continue;
		check_model_table(model);
		check_model_owner(model);
		models = lappend(models, model);
		schemas = list_append_unique_oid(schemas, model->schema);
		foreach(lc, find_adapter_views(model))
		{
			const AdapterView *view = lfirst(lc);

			if (!OidIsValid(view->relid))
				continue;
			check_view_owner(view);
			views = lappend_oid(views, view->relid);
			schemas = list_append_unique_oid(schemas,
											 get_rel_namespace(view->relid));
		}
	}

	/* What the role has need not be given; GRANT itself would only warn */
	foreach(lc, schemas)
	{
		Oid			schema = lfirst_oid(lc);

		if (object_aclcheck(NamespaceRelationId, schema, role, ACL_USAGE) == ACLCHECK_OK)
			schemas = foreach_delete_current(schemas, lc);
		else if (object_aclcheck(NamespaceRelationId, schema, GetUserId(),
								 ACL_GRANT_OPTION_FOR(ACL_USAGE)) != ACLCHECK_OK)
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("permission denied to grant the use of schema \"%s\"",
							get_namespace_name(schema)),
					 errhint("Let its owner grant it: GRANT USAGE ON SCHEMA %s TO %s.",
							 quote_identifier(get_namespace_name(schema)),
							 quote_identifier(GetUserNameFromId(role, false)))));
	}
	run_statements(print_grants(schemas, models, views,
								GetUserNameFromId(role, false)));
	PG_RETURN_VOID();
}

/*
 * What the arguments name, columns, options define.
 */
Extension *
get_extension(FunctionCallInfo fcinfo)
{
	Extension  *extension = palloc0_object(Extension);

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("model name must not be null")));
	extension->name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("columns of model \"%s\" must not be null", extension->name)));
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("options of model \"%s\" must not be null", extension->name)));
	extension->columns = &PG_GETARG_JSONB_P(1)->root;
	extension->options = &PG_GETARG_JSONB_P(2)->root;
	return extension;
}

/*
 * What {"User": {"columns": {...}, "indices": [...], ...}, ...} defines.
 */
static List *
get_extensions(Jsonb *models)
{
	List	   *result = NIL;
	Extension  *extension = NULL;
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	value;

	if (!JB_ROOT_IS_OBJECT(models))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("models must be an object"),
				 errhint("Write {\"User\": {\"columns\": {\"property\": {\"type\": ...}}}}.")));

	it = JsonbIteratorInit(&models->root);
	(void) JsonbIteratorNext(&it, &value, false);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		JsonbValue	columns;

		if (token == WJB_KEY)
		{
			extension = palloc0_object(Extension);
			extension->name = pnstrdup(value.val.string.val, value.val.string.len);
			(void) find_builtin_model(extension->name);
			continue;
		}
		if (token != WJB_VALUE)
			continue;

		if (value.type != jbvBinary ||
			!JsonContainerIsObject(value.val.binary.data) ||
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
 * Make models what the extensions, a list of Extension, say.  Their plans say
 * what was done.
 *
 * A first look takes no lock that others could wait for.  If something is to
 * change, all locks that this needs are taken at once, and what is to change
 * is decided again, by what the tables are then.
 */
void
extend_all(List *extensions, const char *verb)
{
	List	   *held = NIL;
	bool		changed = false;
	ListCell   *lc;

	for (;;)
	{
		List	   *locks = NIL;

		foreach(lc, extensions)
		{
			Extension  *extension = lfirst(lc);

			extension->verb = verb;
			plan_extension(extension);
			if (held == NIL)
				extension->cost = highest_cost(extension->plan->steps);
			locks = list_concat(locks, required_locks(extension,
													  extension->plan->steps, held));
		}
		if (locks == NIL)
			break;

		/* On a standby the lock would be refused with a less telling error */
		PreventCommandIfReadOnly(psprintf("%s()", verb));

		foreach(lc, extensions)
		{
			ErrorData  *error = run_in_subtransaction(check_unlocked, lfirst(lc),
													  false);

			if (error)
				ReThrowError(error);
		}
		lock_tables(locks);
		held = list_concat(held, locks);
	}

	foreach(lc, extensions)
	{
		/* They can share an enum type that is new or has a new label now */
		if (changed)
			plan_extension(lfirst(lc));
		changed |= apply_plan(lfirst(lc));
	}
}

/*
 * Make the plan of an extension, by what its model is now.
 *
 * Raise an ERROR if the user does not own the model's table, unless it is only
 * for the plan.
 */
void
plan_extension(Extension *extension)
{
	Model	   *model = read_model(extension->name, true);
	Table	   *table;
	List	   *columns;
	ListCell   *lc;

	check_model_table(model);
	if (!extension->only_plan)
		check_model_owner(model);
	table = read_table(model->relid);
	columns = read_model_columns(model, table->columns, true);
	extension->model = model;
	extension->plan = make_plan(model, parse_columns(model, extension->columns),
								parse_model_options(model, extension->options,
													extension->options_have_columns),
								table, columns, extension->online);
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
 * Do the adapters' views have to follow?  They show the custom columns, but
 * for those that are not to be selected.
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
		StepKind	kind = ((Step *) lfirst(lc))->kind;

		if (kind == STEP_SET_TYPE || kind == STEP_DROP_COLUMN)
			return true;
	}
	return false;
}

/*
 * The locks that the steps of a plan need and that are not among those held: on
 * the model's table, strong enough that no two callers change a model at the
 * same time; on tables that foreign keys refer to or from; and on enum types.
 *
 * Raise an ERROR if the user has no right to what would be locked.
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
	foreach(lc, steps)
		mode = Max(mode, lock_of(lfirst(lc)));

	/* SHARE alone would let two callers in */
	if (mode == ShareLock)
		mode = ShareRowExclusiveLock;
	if (mode != NoLock)
		add_lock(&locks, held, InvalidOid, model->relid, mode);
	foreach(lc, extension->views)
	{
		AdapterView *view = lfirst(lc);

		check_view_owner(view);
		if (OidIsValid(view->relid))
			add_lock(&locks, held, InvalidOid, view->relid, AccessExclusiveLock);
	}
	check_taken_views(extension->views, steps);

	foreach(lc, steps)
	{
		const Step *step = lfirst(lc);
		const ForeignKeySpec *foreign_key = step->foreign_key;

		/* A column's foreign key is made anew with its type, also another's */
		mode = AccessExclusiveLock;
		if (step->kind == STEP_ADD_FOREIGN_KEY)
		{
			check_foreign_key_target(foreign_key);
			mode = ShareRowExclusiveLock;
		}
		else if (step->kind == STEP_SET_TYPE || step->kind == STEP_DROP_COLUMN)
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
		{
			if (object_aclcheck(NamespaceRelationId, model->schema, GetUserId(),
								ACL_CREATE) != ACLCHECK_OK)
				aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_SCHEMA, model->schema_name);
			add_lock(&locks, held, NamespaceRelationId, model->schema,
					 ShareUpdateExclusiveLock);
		}
	}
	return locks;
}

/*
 * Raise an ERROR if the user may not refer to the table: nobody is to lock
 * what he has no right to.
 */
void
check_foreign_key_target(const ForeignKeySpec *foreign_key)
{
	Oid			relid = foreign_key->relid;
	AttrNumber	key = get_attnum(relid, linitial(foreign_key->target_columns));

	if (pg_class_aclcheck(relid, GetUserId(), ACL_REFERENCES) != ACLCHECK_OK &&
		pg_attribute_aclcheck(relid, key, GetUserId(), ACL_REFERENCES) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, get_rel_name(relid));
}

/*
 * Add a lock to those that are needed, unless one as strong is among those
 * that are held.
 */
void
add_lock(List **locks, List *held, Oid classid, Oid objid, LOCKMODE mode)
{
	ObjectLock *lock = palloc_object(ObjectLock);
	ListCell   *lc;

	foreach(lc, held)
	{
		ObjectLock *other = lfirst(lc);

		if (other->classid == classid && other->objid == objid &&
			other->mode >= mode)
			return;
	}
	lock->classid = classid;
	lock->objid = objid;
	lock->mode = mode;
	*locks = lappend(*locks, lock);
}

static void
check_unlocked(void *argument)
{
	Extension  *extension = argument;

	check_cost(extension->model, extension->plan->steps, ERROR);
	check_data(extension->model, extension->plan->steps, false, ERROR);
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
		/* Something may have gone meanwhile that made it cheaper */
		if (highest_cost(plan->steps) > extension->cost)
			check_cost(model, plan->steps, ERROR);
		check_data(model, plan->steps, true, ERROR);
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
			resolve_enum_type(planned->column, model->schema);
		if (planned->action == ACTION_ADDED || planned->action == ACTION_ADOPTED)
			planned->column->of_adapter = extension->for_adapter;
		if (!planned->column->builtin)
			changed = lappend(changed, planned->column);
	}
	write_custom_columns(model, changed);
	if (extension->views != NIL)
		statements = list_concat(statements, refresh_views(model, views));
	write_change(model->builtin->name, extension->verb, describe_plan(plan),
				 statements);
	report_shared_labels(extension);
	report_changes(extension);
	return true;
}

/*
 * Say what changed of what was there.
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
							planned->changes)));
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
	for (const BuiltinModel *m = builtin_models; types != NIL && m->name; m++)
	{
		Model	   *model = read_model(m->name, true);
		StringInfoData changes;

		if (!OidIsValid(model->relid) || model->relid == extension->model->relid)
			continue;
		initStringInfo(&changes);
		foreach(lc, read_model_columns(model, read_table(model->relid)->columns, true))
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
 * What a plan changes, as JSON: properties, indices and constraints, each with
 * what happened to it.
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
	Datum		values[5];
	bool		nulls[5] = {false};
	int			first = 0;
	ListCell   *lc;

	if (model)
		values[first++] = CStringGetTextDatum(model);
	foreach(lc, plan->columns)
	{
		PlannedColumn *planned = lfirst(lc);
		ColumnSpec *column = planned->column;

		values[first] = CStringGetTextDatum(column->property);
		values[first + 1] = CStringGetTextDatum(column->column_name);
		values[first + 2] = CStringGetTextDatum(format_type_with_typemod(column->type,
																		 column->typmod));
		values[first + 3] = CStringGetTextDatum(print_planned_action(planned->action));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	nulls[first] = true;
	foreach(lc, plan->objects)
	{
		PlannedObject *planned = lfirst(lc);

		values[first + 1] = CStringGetTextDatum(planned->name);
		values[first + 2] = CStringGetTextDatum(planned->kind);
		values[first + 3] = CStringGetTextDatum(print_planned_action(planned->action));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

/*
 * A row of plan_model(): a statement, the lock that it takes, if any, its cost
 * and the rows that this concerns.
 */
void
put_statement(FunctionCallInfo fcinfo, int step, const char *sql,
			  LOCKMODE lock, StepCost cost, int64 rows)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum		values[5] = {0};
	bool		nulls[5] = {false};
	static const char *const costs[] = {
		[COST_INSTANT] = "instant",
		[COST_SCAN] = "scan",
		[COST_REWRITE] = "rewrite"
	};

	values[0] = Int32GetDatum(step);
	values[1] = CStringGetTextDatum(sql);
	if (lock != NoLock)
		values[2] = CStringGetTextDatum(print_lock(lock));
	else
		nulls[2] = true;
	values[3] = CStringGetTextDatum(costs[cost]);
	values[4] = Int64GetDatum(rows);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}
