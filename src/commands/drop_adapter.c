/*-------------------------------------------------------------------------
 *
 * drop_adapter.c
 *	  drop_adapter(): removes what add_adapter() created in a schema
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"

#include "compat.h"
#include "commands.h"

PG_FUNCTION_INFO_V1(drop_adapter);

/* The removal of an adapter */
typedef struct Removal
{
	char	   *schema_name;
	AdapterSchema *schema;
	Model	   *users;
	List	   *views;			/* of AdapterView */
	List	   *models;			/* of Model, whose fill triggers are dropped */
	List	   *relids;			/* of the tables of all models */
} Removal;

static void look_at_removal(void *argument);
static List *locks_of_removal(void *argument, List *held);
static AdapterSchema *get_adapter_schema(const char *schema_name);
static bool is_empty_schema(Oid schema);

/*
 * drop_adapter(schema text)
 *
 * Drops the views that add_adapter() created in a schema, and the schema if it
 * is then empty.  Columns and foreign keys stay; the triggers that fill
 * columns are dropped with the last adapter.  Returns a row for each dropped
 * object: kind, name, action.
 *
 * Raises an ERROR if the schema has no adapter's views, if an object depends
 * on a view, or if the user does not own the views or the models' tables.
 */
Datum
drop_adapter(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Removal		removal = {0};
	LockedPlan	plan = {
		.command = "drop_adapter()",
		.plan = look_at_removal,
		.find_locks = locks_of_removal,
		.argument = &removal
	};
	ListCell   *lc;

	removal.schema_name = get_text(fcinfo, 0, "schema");
	(void) get_adapter_schema(removal.schema_name);
	PreventCommandIfReadOnly("drop_adapter()");

	InitMaterializedSRF(fcinfo, 0);
	plan_and_lock(&plan);

	drop_views(removal.views, rsinfo);
	foreach(lc, removal.models)
	{
		const Model *model = lfirst(lc);

		run_statements(list_make1(print_drop_fill_trigger(model)), model->owner);
		put_part(rsinfo, "trigger",
				 psprintf("%s on %s", FILL_TRIGGER, model->table_name), "dropped");
	}
	delete_adapter(removal.schema_name);
	if (OidIsValid(removal.schema->schema) && is_empty_schema(removal.schema->schema))
	{
		run_statements(list_make1(print_drop_schema(removal.schema_name)),
					   schema_owner(removal.schema->schema));
		put_part(rsinfo, "schema", removal.schema_name, "dropped");
	}
	return (Datum) 0;
}

/*
 * Find the objects to drop.
 *
 * Raise an ERROR if the user may not drop them.
 */
static void
look_at_removal(void *argument)
{
	Removal    *removal = argument;
	bool		is_last;
	ListCell   *lc;

	removal->schema = get_adapter_schema(removal->schema_name);
	removal->users = read_users(NEWEST_ROWS);
	removal->views = removal->models = removal->relids = NIL;
	if (OidIsValid(removal->users->relid))
		check_model_owner(removal->users);
	else if (OidIsValid(removal->schema->schema) &&
			 !object_ownercheck(NamespaceRelationId, removal->schema->schema, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_SCHEMA, removal->schema_name);
	is_last = list_length(read_adapter_schemas()) == 1;

	removal->views = find_former_views(removal->schema->adapter,
									   removal->schema_name);
	foreach(lc, removal->views)
	{
		check_view_owner(lfirst(lc));
		check_view_dependents(lfirst(lc));
	}
	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, NEWEST_ROWS);

		foreach(lc, find_adapter_views(model))
		{
			AdapterView *view = lfirst(lc);

			/* A view of another owner stays */
			if (strcmp(view->schema_name, removal->schema_name) != 0 ||
				!OidIsValid(view->relid) || view->is_foreign)
				continue;
			check_view_owner(view);
			check_view_dependents(view);
			removal->views = lappend(removal->views, view);
		}
		if (!OidIsValid(model->relid))
			continue;
		check_model_owner(model);
		removal->relids = lappend_oid(removal->relids, model->relid);
		if (is_last && has_trigger(model->relid, FILL_TRIGGER))
			removal->models = lappend(removal->models, model);
	}
}

/*
 * The locks that this needs and does not hold yet.  They keep adapters from
 * being added or dropped while it finds out whether one is left.  It looks at
 * each model again under them: who drops a table waits for the views.
 */
static List *
locks_of_removal(void *argument, List *held)
{
	const Removal *removal = argument;
	List	   *locks = NIL;
	ListCell   *lc;

	if (OidIsValid(removal->users->relid))
		add_lock(&locks, held, InvalidOid, removal->users->relid,
				 ShareUpdateExclusiveLock);
	add_view_locks(&locks, held, removal->views);
	foreach(lc, removal->relids)
		add_lock(&locks, held, InvalidOid, lfirst_oid(lc), AccessShareLock);
	foreach(lc, removal->models)
		add_lock(&locks, held, InvalidOid, ((Model *) lfirst(lc))->relid,
				 AccessExclusiveLock);
	return locks;
}

/*
 * The adapter that has a schema.
 *
 * Raise an ERROR if there is none.
 */
static AdapterSchema *
get_adapter_schema(const char *schema_name)
{
	AdapterSchema *schema = find_adapter_schema(schema_name);

	if (schema == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("schema \"%s\" has no views of an adapter", schema_name),
				 errhint("The view nextauth.adapters lists the schemas that have such views.")));
	return schema;
}

/*
 * Is the schema empty, and may the user drop it?
 */
static bool
is_empty_schema(Oid schema)
{
	/* By the newest snapshot, as DROP SCHEMA sees it */
	return query_number(GetUserId(),
						psprintf("SELECT pg_catalog.count(*) FROM pg_catalog.pg_namespace n"
								 " WHERE n.oid = %u AND n.nspname <> 'public'"
								 " AND pg_catalog.pg_has_role(n.nspowner, 'USAGE')"
								 " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"
								 " WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass"
								 " AND d.refobjid = n.oid)", schema)) > 0;
}
