/*-------------------------------------------------------------------------
 *
 * grants.c
 *	  grant_adapter(): the privileges that an application's role needs
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "commands.h"

PG_FUNCTION_INFO_V1(grant_adapter);

/* What privileges are granted on */
typedef struct Grant
{
	List	   *models;			/* of Model */
	List	   *views;			/* of each model a list of AdapterView */
} Grant;

static void look_at_grant(void *argument);
static Oid	get_role(FunctionCallInfo fcinfo);
static void grant_usage(Oid schema, Oid grantor, Oid role);

/*
 * grant_adapter(role text or regrole)
 *
 * Grants a role the privileges that an adapter needs: to read and write all
 * rows of the models, with present and future columns, through their tables
 * and the adapters' views, and to use their sequences and the catalog.  The
 * owner of each table is the grantor, so the catalog cannot be used to get a
 * privilege that this owner could not grant.
 *
 * Raises an ERROR if the user may not grant these privileges, or if a model
 * has no table.
 */
Datum
grant_adapter(PG_FUNCTION_ARGS)
{
	Oid			role = get_role(fcinfo);
	char	   *role_name = GetUserNameFromId(role, false);
	Oid			catalog = get_namespace_oid(NEXTAUTH_SCHEMA, false);
	Grant		grant = {0};
	ListCell   *lc;
	ListCell   *lc2;

	look(look_at_grant, &grant);
	grant_usage(catalog, GetUserId(), role);
	forboth(lc, grant.models, lc2, grant.views)
	{
		const Model *model = lfirst(lc);
		ListCell   *lc3;

		if (model->schema != catalog)
			grant_usage(model->schema, model->owner, role);
		run_statements(print_grants(model, role_name), model->owner);
		foreach(lc3, view_oids(lfirst(lc2)))
		{
			Oid			view = lfirst_oid(lc3);

			run_statements(list_make1(print_grant_view(view, role_name)),
						   owner_of_relation(view));
			grant_usage(get_rel_namespace(view), GetUserId(), role);
		}
	}
	PG_RETURN_VOID();
}

/*
 * Find the tables and the views.
 *
 * Raise an ERROR if the user may not grant privileges on them.
 */
static void
look_at_grant(void *argument)
{
	Grant	   *grant = argument;

	grant->models = grant->views = NIL;
	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, NEWEST_ROWS);
		List	   *of_model;
		ListCell   *lc;

		if (definition->optional && !OidIsValid(model->relid))
			continue;
		check_model_table(model);
		check_model_owner(model);
		of_model = find_adapter_views(model);
		foreach(lc, of_model)
			check_view_owner(lfirst(lc));
		grant->models = lappend(grant->models, model);
		grant->views = lappend(grant->views, of_model);
	}
}

/*
 * Parse a role's name as GRANT does.
 */
static Oid
get_role(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", "role")));
	if (type_of_argument(fcinfo, 0) == REGROLEOID)
		return PG_GETARG_OID(0);
	return DatumGetObjectId(DirectFunctionCall1(regrolein,
												CStringGetDatum(text_to_cstring(PG_GETARG_TEXT_PP(0)))));
}

/*
 * Let a role use a schema, unless it already may.  GRANT would only warn if it
 * granted nothing.
 *
 * Raise an ERROR if the grantor may not grant it.
 */
static void
grant_usage(Oid schema, Oid grantor, Oid role)
{
	char	   *name = name_of_schema(schema);

	if (object_aclcheck(NamespaceRelationId, schema, role, ACL_USAGE) == ACLCHECK_OK)
		return;
	if (object_aclcheck(NamespaceRelationId, schema, grantor,
						ACL_GRANT_OPTION_FOR(ACL_USAGE)) != ACLCHECK_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to grant the use of schema \"%s\"", name),
				 errhint("Let its owner grant it: GRANT USAGE ON SCHEMA %s TO %s.",
						 quote_identifier(name),
						 quote_identifier(GetUserNameFromId(role, false)))));
	run_statements(list_make1(print_grant_usage(name, GetUserNameFromId(role, false))),
				   grantor);
}
