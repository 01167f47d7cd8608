/*-------------------------------------------------------------------------
 *
 * extend.c
 *	  The verbs that change models: extend_model(), extend_models(); and
 *	  grant_adapter()
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "nextauth.h"

PG_FUNCTION_INFO_V1(extend_model);
PG_FUNCTION_INFO_V1(extend_models);
PG_FUNCTION_INFO_V1(grant_adapter);

static ModelPlan *extend(const char *name, JsonbContainer *columns);
static void apply_plan(const Model *model, const ModelPlan *plan);
static LOCKMODE required_lock(const ModelPlan *plan);
static void check_not_null(const Model *model, const ModelPlan *plan);
static JsonbContainer *find_columns(const char *model, const JsonbValue *value);
static void put_rows(FunctionCallInfo fcinfo, const ModelPlan *plan,
					 const char *model);

/*
 * extend_model(name text, columns jsonb)
 *
 * Adds what is missing of the columns to the model's table and to the
 * catalog, leaves what is right, and returns a row for each: property,
 * column_name, data_type, action.
 *
 * Raises an ERROR, and changes nothing, if the model, an option or a type is
 * unknown, if a definition is contradictory or contradicts a column that
 * exists, or if the user does not own the table.  What definitions mean is
 * TypeORM's rule, the names of columns are those of NextAuth's adapter.
 */
Datum
extend_model(PG_FUNCTION_ARGS)
{
	char	   *name;
	Jsonb	   *columns;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("model name must not be null")));
	name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("columns of model \"%s\" must not be null", name)));
	columns = PG_GETARG_JSONB_P(1);

	InitMaterializedSRF(fcinfo, 0);
	put_rows(fcinfo, extend(name, &columns->root), NULL);
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
	Jsonb	   *models;
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	value;
	char	   *name = NULL;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("models must not be null")));
	models = PG_GETARG_JSONB_P(0);
	if (!JB_ROOT_IS_OBJECT(models))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("models must be an object"),
				 errhint("Write {\"User\": {\"columns\": {\"property\": {\"type\": ...}}}}.")));

	InitMaterializedSRF(fcinfo, 0);

	/* jsonb has its keys in one order, so that two calls do not deadlock */
	it = JsonbIteratorInit(&models->root);
	(void) JsonbIteratorNext(&it, &value, false);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			name = pnstrdup(value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE)
			put_rows(fcinfo, extend(name, find_columns(name, &value)), name);
	}
	return (Datum) 0;
}

/*
 * grant_adapter(role regrole)
 *
 * Gives a role what an adapter needs: to read and write the rows of all models
 * with whatever columns they will have, their sequences, and the catalog.
 *
 * Raises an ERROR if the user may not grant that, or a model has no table.
 */
Datum
grant_adapter(PG_FUNCTION_ARGS)
{
	List	   *models = NIL;
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

		check_model_table(model);
		check_model_owner(model);
		models = lappend(models, model);
		schemas = list_append_unique_oid(schemas, model->schema);
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
	run_statements(print_grants(schemas, models,
								GetUserNameFromId(role, false)));
	PG_RETURN_VOID();
}

/*
 * The columns of one model in what extend_models() was given.
 */
static JsonbContainer *
find_columns(const char *model, const JsonbValue *value)
{
	JsonbContainer *columns = NULL;
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	member;

	(void) find_builtin_model(model);

	if (value->type == jbvBinary &&
		JsonContainerIsObject(value->val.binary.data))
	{
		it = JsonbIteratorInit(value->val.binary.data);
		(void) JsonbIteratorNext(&it, &member, false);
		while ((token = JsonbIteratorNext(&it, &member, true)) != WJB_DONE)
		{
			if (token == WJB_KEY &&
				(member.val.string.len != strlen("columns") ||
				 memcmp(member.val.string.val, "columns", strlen("columns")) != 0))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("unrecognized option \"%s\" of model \"%s\"",
								pnstrdup(member.val.string.val,
										 member.val.string.len),
								model),
						 errhint("The only option of a model is \"columns\".")));
			if (token == WJB_VALUE && member.type == jbvBinary)
				columns = member.val.binary.data;
		}
	}
	if (columns == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("definition of model \"%s\" must be an object with \"columns\"",
						model)));
	return columns;
}

/*
 * Make a model what the columns say, and return what was done.
 *
 * A first look takes no lock that others could wait for.  If something is to
 * change, the lock that this needs is taken, and what is to change is decided
 * again, by what the table is then.
 */
static ModelPlan *
extend(const char *name, JsonbContainer *columns)
{
	Oid			locked_relid = InvalidOid;
	LOCKMODE	locked = NoLock;

	for (;;)
	{
		Model	   *model = read_model(name, true);
		ModelPlan  *plan;
		LOCKMODE	required;

		check_model_table(model);
		check_model_owner(model);
		plan = make_plan(model, parse_columns(model, columns),
						 read_model_columns(model,
											read_table(model->relid)->columns,
											true));

		required = required_lock(plan);
		if (model->relid != locked_relid)
			locked = NoLock;
		if (required <= locked)
		{
			apply_plan(model, plan);
			return plan;
		}

		/* On a standby the lock would be refused with a less telling error */
		PreventCommandIfReadOnly("extend_model()");
		LockRelationOid(model->relid, required);
		locked_relid = model->relid;
		locked = required;
	}
}

static LOCKMODE
required_lock(const ModelPlan *plan)
{
	if (plan->steps != NIL)
		return AccessExclusiveLock;
	if (plan->changes_catalog)
		return ShareUpdateExclusiveLock;
	return NoLock;
}

static void
apply_plan(const Model *model, const ModelPlan *plan)
{
	List	   *changed = NIL;
	ListCell   *lc;

	if (plan->steps != NIL)
	{
		check_not_null(model, plan);
		run_statements(print_steps(model, plan->steps));
	}

	foreach(lc, plan->columns)
	{
		PlannedColumn *planned = lfirst(lc);

		if (planned->action == ACTION_UNCHANGED)
			continue;
		if (!OidIsValid(planned->column->type))
			resolve_enum_type(planned->column, model->schema);
		changed = lappend(changed, planned->column);
	}
	write_custom_columns(model, changed);
}

/*
 * A new column that must be filled but has no default: rows that exist could
 * not fill it, and no adapter that does not know of it will.
 */
static void
check_not_null(const Model *model, const ModelPlan *plan)
{
	ListCell   *lc;

	foreach(lc, plan->columns)
	{
		PlannedColumn *planned = lfirst(lc);
		ColumnSpec *column = planned->column;

		if (planned->action != ACTION_ADDED || column->nullable ||
			column->default_sql)
			continue;

		if (has_rows(model->relid))
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("property \"%s\" needs a default, because table \"%s\" has rows",
							column->property, model->table_name),
					 errdetail("The column is NOT NULL, and the rows have no value for it."),
					 errhint("Define it with \"nullable\": true or with a \"default\".")));
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("column \"%s\" of model \"%s\" is NOT NULL and has no default",
						column->column_name, model->builtin->name),
				 errdetail("An adapter that does not fill it can no longer insert rows."),
				 errhint("Define property \"%s\" with \"nullable\": true or with a \"default\" unless every application fills it.",
						 column->property)));
	}
}

/*
 * A row for each column of a plan, with the model in front unless it is NULL.
 */
static void
put_rows(FunctionCallInfo fcinfo, const ModelPlan *plan, const char *model)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	ListCell   *lc;
	static const char *const actions[] = {
		[ACTION_UNCHANGED] = "unchanged",
		[ACTION_ADDED] = "added",
		[ACTION_ALTERED] = "altered",
		[ACTION_ADOPTED] = "adopted"
	};

	foreach(lc, plan->columns)
	{
		PlannedColumn *planned = lfirst(lc);
		ColumnSpec *column = planned->column;
		Datum		values[5];
		bool		nulls[5] = {false};
		int			n = 0;

		if (model)
			values[n++] = CStringGetTextDatum(model);
		values[n++] = CStringGetTextDatum(column->property);
		values[n++] = CStringGetTextDatum(column->column_name);
		values[n++] = CStringGetTextDatum(format_type_with_typemod(column->type,
																   column->typmod));
		values[n++] = CStringGetTextDatum(actions[planned->action]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}
