/*-------------------------------------------------------------------------
 *
 * adopt.c
 *	  Decides which existing table may hold a model, and puts it under
 *	  management
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "commands.h"

static List *index_names(const ModelDefinition *definition);
static void check_owner_trusted(const Model *model, Oid relid, Oid owner,
								Oid schema);
static void warn_of_repetition(const Model *model, const Table *table);
static void relation_is_gone(Oid relid);

static char *
qualified_name(Oid relid)
{
	return psprintf("%s.%s", name_of_schema(get_rel_namespace(relid)),
					name_of_relation(relid));
}

/*
 * Find the table of a model in a schema, also if it is not in the catalog: by
 * its name or, if it was renamed, by the name of its primary key, which is
 * derived from the original name.  Returns InvalidOid if there is none.
 */
Oid
find_present_table(const ModelDefinition *definition, Oid schema)
{
	Oid			relid = get_relname_relid(definition->table_name, schema);
	Oid			key;

	if (OidIsValid(relid))
		return relid;
	key = get_relname_relid(linitial(index_names(definition)), schema);
	if (!OidIsValid(key) || get_rel_relkind(key) != RELKIND_INDEX)
		return InvalidOid;
	relid = IndexGetRelation(key, true);
	return is_model_table(relid) && find_model(relid) == NULL ? relid : InvalidOid;
}

/*
 * The names of the indexes that a model's table is created with, the primary
 * key's first.
 */
static List *
index_names(const ModelDefinition *definition)
{
	Model		model = {.definition = definition};
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, builtin_columns(&model))
	{
		const ColumnSpec *column = lfirst(lc);
		List	   *names = list_make1(column->column_name);

		if (column->primary)
			result = lcons(name_constraint("PK", definition->table_name, names), result);
		else if (column->unique)
			result = lappend(result, name_constraint("UQ", definition->table_name, names));
	}
	for (const IndexDefinition *index = definition->indexes; index->name; index++)
		result = lappend(result, pstrdup(index->name));
	return result;
}

/*
 * Raise an ERROR if a relation already has the name of an index of the model's
 * table.
 */
void
check_names_free(const ModelDefinition *definition, Oid schema)
{
	ListCell   *lc;

	foreach(lc, index_names(definition))
	{
		Oid			relid = get_relname_relid(lfirst(lc), schema);
		Oid			table;

		if (!OidIsValid(relid))
			continue;
		table = get_rel_relkind(relid) == RELKIND_INDEX ?
			IndexGetRelation(relid, true) : InvalidOid;
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_TABLE),
				 errmsg("relation \"%s\" already exists", qualified_name(relid)),
				 OidIsValid(table) ?
				 errdetail("It is an index of table \"%s\", and an index of model \"%s\" needs its name.",
						   qualified_name(table), definition->name) :
				 errdetail("An index of model \"%s\" needs its name.", definition->name),
				 errhint("Rename it, or move the table to another schema with ALTER TABLE ... SET SCHEMA.")));
	}
}

/*
 * The type of ids for new tables: the type in the existing tables of users, or
 * of other models, or else the setting.
 *
 * Raise an ERROR if the setting is needed and has no valid value.
 */
IdType
choose_id_type(Oid schema)
{
	IdType		result;

	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Oid			relid = read_model(definition->name, NEWEST_ROWS)->relid;

		if (!OidIsValid(relid))
			relid = find_present_table(definition, schema);
		if (read_id_type(relid, user_id_column(definition), &result))
			return result;
	}
	check_id_type_setting();
	return nextauth_id_type;
}

/*
 * Adopt an existing table for a model.
 *
 * Raise an ERROR if it does not fit the model, or if its owner is not trusted
 * with people's accounts.
 */
void
adopt_table(Model *model, Oid relid)
{
	check_may_hold(model);
	check_adoptable(model, relid, FITS_EXACTLY);
	put_under_management(model, relid);
}

/*
 * If the model has no table, adopt the user's existing tables for all models
 * that have none: a schema-only dump of another database may have been
 * restored, without its catalog.
 *
 * Raise an ERROR as adopt_table() does.
 */
void
adopt_if_missing(const char *name)
{
	Oid			schema = get_namespace_oid(NEXTAUTH_SCHEMA, true);
	IdType		id_type;

	if (!OidIsValid(schema) || OidIsValid(read_model(name, NEWEST_ROWS)->relid) ||
		!OidIsValid(find_present_table(find_model_definition(name), schema)))
		return;
	id_type = choose_id_type(schema);
	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, NEWEST_ROWS);
		Oid			relid;

		if (OidIsValid(model->relid))
			continue;
		relid = find_present_table(definition, schema);
		if (!is_model_table(relid) ||
			!owns_relation(relid))
			continue;
		model->id_type = model->user_id_type = id_type;
		adopt_table(model, relid);
		ereport(NOTICE,
				(errmsg("adopted table \"%s\" as model \"%s\"", qualified_name(relid),
						definition->name)));
	}
}

/*
 * Record that a table holds a model.
 */
void
put_under_management(Model *model, Oid relid)
{
	write_model(model->definition->name, relid);
	model->relid = relid;

	/* History begins with the first change */
	if (read_version(model->definition->name) > 0)
		record_relation(model->definition->name, "install", relid);
}

/*
 * Record in which table a model is now.
 */
void
record_relation(const char *model, const char *action, Oid relid)
{
	StringInfoData changes;

	initStringInfo(&changes);
	append_change(&changes, "relation", qualified_name(relid));
	write_change(model, action, changes.data, NIL);
}

/*
 * Raise an ERROR if the user may not decide which table holds the model: the
 * models belong together, so the owner of the users' table decides for all.
 */
void
check_may_hold(const Model *model)
{
	Oid			schema = get_namespace_oid(NEXTAUTH_SCHEMA, false);
	bool		is_first = true;

	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *other = read_model(definition->name, NEWEST_ROWS);

		if (!OidIsValid(other->relid) || definition == model->definition)
			continue;
		check_model_owner(other);
		is_first = false;

		/* The users come first */
		if (definition->holds_users)
			return;
	}
	if (is_first && !OidIsValid(model->relid) &&
		object_aclcheck(NamespaceRelationId, schema, GetUserId(),
						ACL_CREATE) != ACLCHECK_OK &&
		object_aclcheck(NamespaceRelationId, schema, GetUserId(),
						ACL_GRANT_OPTION_FOR(ACL_USAGE)) != ACLCHECK_OK)
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_SCHEMA, NEXTAUTH_SCHEMA);
}

static void
relation_is_gone(Oid relid)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE),
			 errmsg("relation with OID %u does not exist", relid)));
}

/*
 * Raise an ERROR unless the existing table fits the model.
 */
void
check_adoptable(const Model *model, Oid relid, Fit fit)
{
	bool		exactly = (fit == FITS_EXACTLY);
	Model		adopted = *model;
	Table	   *table;
	ListCell   *lc;
	StringInfoData findings;
	IdType		user_id_type;
	bool		of_others;
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Form_pg_class class;
	Oid			owner;
	Oid			schema;

	if (!HeapTupleIsValid(tuple))
		relation_is_gone(relid);
	class = (Form_pg_class) GETSTRUCT(tuple);
	owner = class->relowner;
	schema = class->relnamespace;
	if (class->relkind != RELKIND_RELATION ||
		class->relpersistence == RELPERSISTENCE_TEMP)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("relation \"%s\" is not an ordinary table",
						name_of_relation(relid)),
				 exactly ? errhint("Rename it, or move it to another schema: the table of model \"%s\" needs its name.",
								   model->definition->name) : 0));
	ReleaseSysCache(tuple);

	if (!owns_relation(relid))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, name_of_relation(relid));
	if (exactly)
		check_owner_trusted(model, relid, owner, schema);

	/* The lock keeps the table from being dropped or altered */
	LockRelationOid(relid, ShareUpdateExclusiveLock);
	if (get_rel_name(relid) == NULL)
		relation_is_gone(relid);

	table = read_table(relid);
	adopted.relid = relid;
	(void) read_id_type(relid, "id", &adopted.id_type);
	if (model->definition->holds_users)
		adopted.user_id_type = adopted.id_type;
	initStringInfo(&findings);
	foreach(lc, builtin_columns(&adopted))
	{
		ColumnSpec *desired = lfirst(lc);
		char	   *finding;

		/* A definition may have declared it as not unique */
		if (may_repeat(model->definition, desired->property))
			desired->unique = false;
		finding = check_builtin_column(desired, table, exactly);
		if (finding)
			appendStringInfo(&findings, "%sColumn \"%s\": %s.",
							 findings.len > 0 ? "\n" : "",
							 desired->column_name, finding);
	}
	of_others = (user_property(model->definition) &&
				 read_id_type(relid, user_id_column(model->definition), &user_id_type) &&
				 user_id_type != model->user_id_type);
	if (findings.len > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TABLE_DEFINITION),
				 errmsg("table \"%s\" does not fit model \"%s\"", qualified_name(relid),
						model->definition->name),
				 errdetail_internal("%s", findings.data),
				 exactly ? errhint("Alter the table, or move it to another schema.") :
				 of_others ? errhint("Adopt model \"User\" first, or alter the table.") :
				 errhint("Alter the table first.")));
	warn_of_repetition(&adopted, table);
}

/*
 * Warn that a column, which adapters expect to be unique, is not.
 */
static void
warn_of_repetition(const Model *model, const Table *table)
{
	ListCell   *lc;

	foreach(lc, builtin_columns(model))
	{
		const ColumnSpec *column = lfirst(lc);

		if (column->unique && !is_unique_column(table, column->column_name))
			ereport(WARNING,
					(errcode(ERRCODE_WARNING),
					 errmsg("column \"%s\" of table \"%s\" is not unique",
							column->column_name, qualified_name(model->relid)),
					 errdetail("If several rows have the same value, an adapter uses any of them."),
					 errhint("Call nextauth.check_models(), which shows how to make it unique, and how to allow duplicates.")));
	}
}

/*
 * Raise an ERROR if the owner of an existing table is not trusted with
 * people's accounts.
 */
static void
check_owner_trusted(const Model *model, Oid relid, Oid owner, Oid schema)
{
	Model	   *users = read_users(NEWEST_ROWS);

	if (superuser_arg(owner))
		return;

	/* The models belong together */
	if (OidIsValid(users->relid) && users->relid != relid)
	{
		if (owner == users->owner)
			return;
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("table \"%s\" belongs to role \"%s\", which is not trusted",
						qualified_name(relid), GetUserNameFromId(owner, false)),
				 errdetail("The table of model \"%s\" must belong to a superuser or to the owner of the users' table.",
						   model->definition->name),
				 errhint("Move the table to another schema, or give it to a trusted role with ALTER TABLE ... OWNER TO.")));
	}

	/* The schema's owner trusts roles that may grant its use to others */
	if (is_trusted_owner(owner) ||
		(object_aclcheck(NamespaceRelationId, schema, owner,
						 ACL_GRANT_OPTION_FOR(ACL_USAGE)) == ACLCHECK_OK))
		return;

	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("table \"%s\" belongs to role \"%s\", which is not trusted",
					qualified_name(relid), GetUserNameFromId(owner, false)),
			 errdetail("Only superusers, the owner of the database, the current user and roles that have USAGE on the schema with the grant option are trusted."),
			 errhint("Move the table to another schema, or give it to a trusted role with ALTER TABLE ... OWNER TO.")));
}

/*
 * Is the role trusted to own a table with people's accounts?
 */
bool
is_trusted_owner(Oid role)
{
	return role == GetUserId() || role == database_owner() ||
		role == ROLE_PG_DATABASE_OWNER || superuser_arg(role);
}
