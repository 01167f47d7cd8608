/*-------------------------------------------------------------------------
 *
 * rights.c
 *	  Switches to the role whose rights a task needs
 *
 * Casts, checks, defaults, policies, triggers and other code of a table, or of
 * its types, is code of the table's owner.  It runs with that owner's rights,
 * never with the caller's, as in PostgreSQL's own maintenance commands since
 * CVE-2022-1552.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_authid.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"

#include "compat.h"
#include "nextauth_catalog.h"

static void become(SavedUser *saved, Oid role, int flags);

/*
 * Take the rights of a role, a table's owner, until end_user(), in a
 * security-restricted operation: code that runs in it cannot use the caller's
 * rights or settings.  If the role is the one that has logged in, there are no
 * other rights, so nothing changes, and deferred triggers can be fired.
 *
 * If no policy hides rows from the caller, policies do not hide them from the
 * owner either.  On error, the abort of the transaction gives the user's
 * rights back.
 */
void
begin_owner(SavedUser *saved, Oid owner)
{
	int			flags = SECURITY_RESTRICTED_OPERATION;

	if (!needs_owner(owner))
	{
		GetUserIdAndSecContext(&saved->id, &saved->context);
		saved->nest = 0;
		return;
	}
	if (has_bypassrls_privilege(GetUserId()))
		flags |= SECURITY_NOFORCE_RLS;
	become(saved, owner, flags);
}

/*
 * Has the session rights that a table's owner has not?
 */
bool
needs_owner(Oid owner)
{
	return owner != GetUserId() || owner != GetSessionUserId() ||
		owner != GetAuthenticatedUserId();
}

/*
 * Take the rights of the extension's owner until end_user(), for work that
 * runs no code of other roles.
 */
void
begin_catalog_owner(SavedUser *saved)
{
	become(saved, catalog_owner(),
		   SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);

	/* The caller may have no right to create in the tablespace they have set */
	(void) set_config_option("default_tablespace", "", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

static void
become(SavedUser *saved, Oid role, int flags)
{
	saved->nest = pin_search_path();
	GetUserIdAndSecContext(&saved->id, &saved->context);
	SetUserIdAndSecContext(role, saved->context | flags);
}

/*
 * Restore the user's rights and settings.
 */
void
end_user(const SavedUser *saved)
{
	SetUserIdAndSecContext(saved->id, saved->context);
	if (saved->nest != 0)
		AtEOXact_GUC(false, saved->nest);
}

/*
 * Set the search_path of our functions until AtEOXact_GUC(false, result), for
 * functions that need the caller's before.
 */
int
pin_search_path(void)
{
	int			nest = NewGUCNestLevel();

	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET,
							 PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return nest;
}

/*
 * The role whose rights create objects in the schema of a model's table: the
 * table's owner or, in schema nextauth, where owners of tables need no CREATE,
 * the extension's owner.  Invalid if neither may do it.
 */
Oid
creator_of(const Model *model)
{
	if (object_aclcheck(NamespaceRelationId, model->schema, model->owner,
						ACL_CREATE) == ACLCHECK_OK)
		return model->owner;
	if (strcmp(model->schema_name, NEXTAUTH_SCHEMA) == 0 &&
		superuser_arg(catalog_owner()))
		return catalog_owner();
	return InvalidOid;
}

/*
 * Raise an ERROR, with the GRANT in the hint, if nothing can be made in the
 * schema of a model's table.
 */
void
check_creator(const Model *model)
{
	if (!OidIsValid(creator_of(model)))
		report_no_privilege(psprintf("schema %s", model->schema_name),
							model->owner,
							psprintf("CREATE ON SCHEMA %s",
									 quote_identifier(model->schema_name)));
}

/*
 * Raise an ERROR if a role other than the owner of a model's table, or a
 * superuser, could run code with that owner's rights when the table is read or
 * altered: the owner of an inheriting table, or of the schema, who could
 * replace the table by another of its name.
 */
void
check_surroundings(const Model *model)
{
	ListCell   *lc;

	check_schema_owner(model->relid);
	foreach(lc, find_all_inheritors(model->relid, NoLock, NULL))
	{
		Oid			heir = lfirst_oid(lc);
		Oid			owner = owner_of_relation(heir);

		if (!is_taken_from(owner, model->owner))
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("table \"%s\", which inherits from table \"%s\", belongs to role \"%s\"",
							name_of_relation(heir), model->table_name,
							GetUserNameFromId(owner, true)),
					 errhint("Give it to the owner of its parent, or end the inheritance with ALTER TABLE ... NO INHERIT.")));
	}
}

/*
 * Raise an ERROR if a statement that names a table, and runs as its owner, could
 * find the table of another role there, whom that owner need not trust.
 */
void
check_schema_owner(Oid relid)
{
	Oid			schema = get_rel_namespace(relid);
	Oid			owner = schema_owner(schema);
	Oid			table_owner = owner_of_relation(relid);

	if (owner == ROLE_PG_DATABASE_OWNER)
		owner = database_owner();
	if (!is_taken_from(owner, table_owner) && !role_can_become(owner, table_owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("schema \"%s\" of table \"%s\" belongs to role \"%s\", which is not trusted",
						name_of_schema(schema), name_of_relation(relid),
						GetUserNameFromId(owner, true)),
				 errdetail("Its owner could replace the table by another one."),
				 errhint("Give the schema to a superuser, or to the table's owner, with ALTER SCHEMA ... OWNER TO.")));
}

/*
 * May the user see the number and the contents of a model's rows?
 */
bool
may_see_rows(const Model *model)
{
	return owns_relation(model->relid) ||
		may_read(model->relid, GetUserId());
}

/*
 * May a role read all rows of a table?
 */
bool
may_read(Oid relid, Oid role)
{
	return pg_class_aclcheck(relid, role, ACL_SELECT) == ACLCHECK_OK &&
		check_enable_rls(relid, role, true) != RLS_ENABLED;
}

/*
 * Does a query on a model's table that runs as its owner see all rows?  Not if
 * a policy is forced upon the owner, and the user is not above it.
 */
bool
sees_all_rows(const Model *model)
{
	SavedUser	user;
	bool		result;

	begin_owner(&user, model->owner);
	result = check_enable_rls(model->relid, InvalidOid, true) != RLS_ENABLED;
	end_user(&user);
	return result;
}
