/*-------------------------------------------------------------------------
 *
 * install.c
 *	  Creates or adopts the tables of the built-in models
 *
 * The tables are no members of the extension: pg_dump dumps them like any
 * other table, and DROP EXTENSION leaves them.  So CREATE EXTENSION may find
 * them there already, and in a restore it must leave them to the dump.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_database.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "nextauth.h"

PG_FUNCTION_INFO_V1(install);

static bool is_restore(void);
static void create_table(Model *model);
static void check_adoptable(const Model *model, Oid relid);
static bool is_trusted_owner(Oid role);
static Oid	schema_owner(Oid schema);

/*
 * install()
 *
 * Creates the tables of the built-in models in schema nextauth where they are
 * missing, adopts those that are there, and returns a row for each model:
 * model, relation, action (created, adopted, unchanged).
 *
 * Raises an ERROR if a table is there that is not shaped as its model, or
 * whose owner could not be trusted with people's accounts.  The shape is the
 * one that NextAuth.js v3's adapter gives its tables.
 */
Datum
install(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Oid			schema = get_namespace_oid(NEXTAUTH_SCHEMA, false);

	InitMaterializedSRF(fcinfo, 0);

	if (creating_extension)
	{
		if (is_restore())
			return (Datum) 0;
		if (!is_trusted_owner(schema_owner(schema)))
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("schema \"%s\" belongs to role \"%s\", which is not trusted",
							NEXTAUTH_SCHEMA,
							GetUserNameFromId(schema_owner(schema), false)),
					 errdetail("Trusted are superusers, the owner of the database and the current user."),
					 errhint("Drop the schema, or give it to a trusted role with ALTER SCHEMA ... OWNER TO.")));
	}

	for (const BuiltinModel *builtin = builtin_models; builtin->name; builtin++)
	{
		Model	   *model = read_model(builtin->name, true);
		const char *action = "unchanged";
		Datum		values[3];
		bool		nulls[3] = {false};

		if (!OidIsValid(model->relid))
		{
			Oid			relid = get_relname_relid(builtin->table_name, schema);

			if (OidIsValid(relid))
			{
				check_adoptable(model, relid);
				action = "adopted";
			}
			else
			{
				model->schema_name = NEXTAUTH_SCHEMA;
				model->table_name = pstrdup(builtin->table_name);
				create_table(model);
				relid = get_relname_relid(builtin->table_name, schema);
				action = "created";
			}
			write_model(builtin->name, relid);
			model->relid = relid;
		}

		values[0] = CStringGetTextDatum(builtin->name);
		values[1] = ObjectIdGetDatum(model->relid);
		values[2] = CStringGetTextDatum(action);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * Is the extension being created by a restore?  Every dump, and every
 * connection of pg_restore, begins by setting these five in the session.
 */
static bool
is_restore(void)
{
	bool		result;

	SPI_connect();
	SPI_execute("SELECT 1 FROM pg_catalog.pg_settings"
				" WHERE source = 'session' AND name IN"
				" ('statement_timeout', 'lock_timeout', 'xmloption',"
				" 'idle_in_transaction_session_timeout', 'row_security')",
				true, 0);
	result = SPI_processed == 5;
	SPI_finish();
	return result;
}

/*
 * Create a model's table, not as a member of the extension that a script may
 * be creating.
 */
static void
create_table(Model *model)
{
	bool		save_creating_extension = creating_extension;

	creating_extension = false;
	PG_TRY();
	{
		run_statements(print_create_table(model));
	}
	PG_FINALLY();
	{
		creating_extension = save_creating_extension;
	}
	PG_END_TRY();
}

/*
 * Raise an ERROR unless the table that is there can be the model's.
 */
static void
check_adoptable(const Model *model, Oid relid)
{
	List	   *columns;
	ListCell   *lc;
	StringInfoData findings;
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Form_pg_class class;
	Oid			owner;
	Oid			schema;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relid);
	class = (Form_pg_class) GETSTRUCT(tuple);
	owner = class->relowner;
	schema = class->relnamespace;
	if (class->relkind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("relation \"%s.%s\" exists and is not an ordinary table", NEXTAUTH_SCHEMA,
						model->builtin->table_name)));
	ReleaseSysCache(tuple);

	if (!object_ownercheck(RelationRelationId, relid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE,
					   model->builtin->table_name);

	/* Who was given CREATE on the schema is trusted, unless everyone was */
	if (!is_trusted_owner(owner) &&
		(object_aclcheck(NamespaceRelationId, schema, owner, ACL_CREATE) != ACLCHECK_OK ||
		 object_aclcheck(NamespaceRelationId, schema, ACL_ID_PUBLIC, ACL_CREATE) == ACLCHECK_OK))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("table \"%s.%s\" belongs to role \"%s\", which is not trusted",
						NEXTAUTH_SCHEMA, model->builtin->table_name,
						GetUserNameFromId(owner, false)),
				 errdetail("Trusted are superusers, the owner of the database, the current user and roles that were given the CREATE privilege on the schema."),
				 errhint("Move the table away, or give it to a trusted role with ALTER TABLE ... OWNER TO.")));

	columns = read_table(relid)->columns;
	initStringInfo(&findings);
	foreach(lc, builtin_columns(model->builtin))
	{
		ColumnSpec *desired = lfirst(lc);
		ColumnSpec *found = find_column(columns, desired->column_name);
		char	   *differences;

		if (found == NULL)
			differences = "missing";
		else
		{
			/* What a DBA may have added without changing the shape */
			found->comment = NULL;
			found->unique = found->unique && desired->unique;
			if (desired->default_sql == NULL)
				found->default_sql = NULL;
			differences = find_differences(desired, found);
		}
		if (differences)
			appendStringInfo(&findings, "%sColumn \"%s\": %s.",
							 findings.len > 0 ? "\n" : "",
							 desired->column_name, differences);
	}
	if (findings.len > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
				 errmsg("table \"%s.%s\" does not fit model \"%s\"",
						NEXTAUTH_SCHEMA, model->builtin->table_name,
						model->builtin->name),
				 errdetail_internal("%s", findings.data),
				 errhint("Alter the table, or move it away.")));
}

/*
 * May the role own what people's accounts are kept in?
 */
static bool
is_trusted_owner(Oid role)
{
	HeapTuple	tuple = SearchSysCache1(DATABASEOID,
										ObjectIdGetDatum(MyDatabaseId));
	Oid			database_owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for database %u", MyDatabaseId);
	database_owner = ((Form_pg_database) GETSTRUCT(tuple))->datdba;
	ReleaseSysCache(tuple);

	return role == GetUserId() || role == database_owner ||
		role == ROLE_PG_DATABASE_OWNER || superuser_arg(role);
}

static Oid
schema_owner(Oid schema)
{
	HeapTuple	tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(schema));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for schema %u", schema);
	owner = ((Form_pg_namespace) GETSTRUCT(tuple))->nspowner;
	ReleaseSysCache(tuple);
	return owner;
}
