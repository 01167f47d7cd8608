/*-------------------------------------------------------------------------
 *
 * privilege.c
 *	  The privileges that a table's owner needs, as whom the table is altered
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_database.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "nextauth.h"

static FormData_pg_collation collation_of(Oid collation);
static bool find_forbidden_function(Node *node, void *context);
static bool is_forbidden_function(Oid function, void *context);

/*
 * Raise an ERROR, with the GRANT in the hint, if a table's owner, as whom it is
 * altered, may not use the table's schema.
 */
void
check_owner_usage(const Model *model)
{
	check_usage(NamespaceRelationId, model->schema, model->owner);
}

/*
 * Raise an ERROR, with the GRANT in the hint, if a role may not use a schema or
 * type.
 */
void
check_usage(Oid classid, Oid object, Oid role)
{
	char	   *name;

	if (object_aclcheck(classid, object, role, ACL_USAGE) == ACLCHECK_OK)
		return;
	if (classid == NamespaceRelationId)
	{
		name = name_of_schema(object);
		report_no_privilege(psprintf("schema %s", name), role,
							psprintf("USAGE ON SCHEMA %s", quote_identifier(name)));
	}
	name = format_type_extended(object, -1, FORMAT_TYPE_FORCE_QUALIFY);
	report_no_privilege(psprintf("type %s", name), role,
						psprintf("USAGE ON TYPE %s", name));
}

/*
 * Raise an ERROR, with the GRANT in the hint, if a role may not create objects
 * in a schema.
 */
void
check_create(Oid schema, Oid role)
{
	char	   *name;

	if (object_aclcheck(NamespaceRelationId, schema, role, ACL_CREATE) == ACLCHECK_OK)
		return;
	name = name_of_schema(schema);
	report_no_privilege(psprintf("schema %s", name), role,
						psprintf("USAGE, CREATE ON SCHEMA %s", quote_identifier(name)));
}

/*
 * Raise the ERROR that a table's owner lacks a privilege that the request
 * needs.
 */
void
report_no_privilege(const char *object, Oid role, const char *privilege)
{
	char	   *name = GetUserNameFromId(role, false);

	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("permission denied for %s", object),
			 errdetail("The table is altered with the rights of its owner, role \"%s\".",
					   name),
			 errhint("Grant it with GRANT %s TO %s.", privilege, quote_identifier(name))));
}

/*
 * Raise an ERROR, with the GRANT in the hint, if a role may not call a function
 * that an expression (NULL: none) has.
 */
void
check_expression_rights(Node *expression, Oid role)
{
	if (expression)
		(void) find_forbidden_function(expression, &role);
}

static bool
find_forbidden_function(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (check_functions_in_node(node, is_forbidden_function, context))
		return true;
	return expression_tree_walker(node, find_forbidden_function, context);
}

static bool
is_forbidden_function(Oid function, void *context)
{
	Oid			role = *(Oid *) context;
	char	   *name;

	check_usage(NamespaceRelationId, get_func_namespace(function), role);
	if (object_aclcheck(ProcedureRelationId, function, role, ACL_EXECUTE) == ACLCHECK_OK)
		return false;
	name = format_procedure_qualified(function);
	report_no_privilege(psprintf("function %s", name), role,
						psprintf("EXECUTE ON FUNCTION %s", name));
	return true;
}

/*
 * May an existing object of a role be used instead of one that the extension
 * would create for a table's owner?
 */
bool
is_taken_from(Oid role, Oid owner)
{
	/* Objects that the database's owner has through this role */
	if (role == ROLE_PG_DATABASE_OWNER)
		role = database_owner();
	return role == owner || superuser_arg(role);
}

Oid
database_owner(void)
{
	HeapTuple	tuple = SearchSysCache1(DATABASEOID,
										ObjectIdGetDatum(MyDatabaseId));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for database %u", MyDatabaseId);
	owner = ((Form_pg_database) GETSTRUCT(tuple))->datdba;
	ReleaseSysCache(tuple);
	return owner;
}

Oid
schema_owner(Oid schema)
{
	HeapTuple	tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(schema));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("schema with OID %u does not exist", schema)));
	owner = ((Form_pg_namespace) GETSTRUCT(tuple))->nspowner;
	ReleaseSysCache(tuple);
	return owner;
}

Oid
owner_of_collation(Oid collation)
{
	return collation_of(collation).collowner;
}

/*
 * Raise an ERROR, with the GRANT in the hint, if a role may not use the schema of
 * a collation (invalid: none).
 */
void
check_collation_usage(Oid collation, Oid role)
{
	if (OidIsValid(collation))
		check_usage(NamespaceRelationId, collation_of(collation).collnamespace, role);
}

/*
 * A collation as a definition names it: with its schema, unless it is
 * PostgreSQL's own.
 */
char *
name_of_collation(Oid collation)
{
	FormData_pg_collation form = collation_of(collation);

	if (form.collnamespace == PG_CATALOG_NAMESPACE)
		return pstrdup(NameStr(form.collname));
	return quote_qualified_identifier(name_of_schema(form.collnamespace),
									  NameStr(form.collname));
}

/*
 * The row of pg_collation, but for what has no fixed length.
 */
static FormData_pg_collation
collation_of(Oid collation)
{
	HeapTuple	tuple = SearchSysCache1(COLLOID, ObjectIdGetDatum(collation));
	FormData_pg_collation result;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("collation with OID %u does not exist", collation)));
	result = *(Form_pg_collation) GETSTRUCT(tuple);
	ReleaseSysCache(tuple);
	return result;
}

Oid
owner_of_relation(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("relation with OID %u does not exist", relid)));
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/*
 * Does the user own a relation?  PostgreSQL's own check reports one that was
 * dropped in between as an internal error.
 */
bool
owns_relation(Oid relid)
{
	return has_privs_of_role(GetUserId(), owner_of_relation(relid));
}
