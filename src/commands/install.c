/*-------------------------------------------------------------------------
 *
 * install.c
 *	  Creates or adopts the tables of the built-in models, and recognizes a
 *	  restore
 *
 * The tables are no members of the extension: pg_dump dumps them like any
 * other table, and DROP EXTENSION leaves them.  So CREATE EXTENSION may find
 * them there already, and in a restore it must leave them to the dump.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "commands/comment.h"
#include "commands/extension.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "commands.h"

PG_FUNCTION_INFO_V1(install);
PG_FUNCTION_INFO_V1(adopt_model);

static void warn_of_zoneless_times(const Model *model);
static Oid	get_relation(FunctionCallInfo fcinfo, const Model *model);
static const char *make_table(Model *model, Oid schema, IdType id_type,
							  Oid owner);
static bool is_as_made(const Model *model, Oid schema);
static bool is_pristine(const Model *model);
static bool has_user_ids(const ModelDefinition *definition);
static bool gives_type_of_ids(const Model *model, Oid relid, IdType *id_type);
static bool can_follow(const Model *adopted, IdType id_type);
static void let_others_follow(const Model *adopted, IdType id_type);
static void grant_on_table(Oid relid, List *grants);
static bool remove_as_made(Model *model, bool leaves, List **grants);
static void check_schema_owner_trusted(Oid schema);
static void describe_schema(Oid schema);

/*
 * install()
 *
 * Creates the missing tables of the built-in models in schema nextauth, adopts
 * existing ones, also an optional model's, and returns a row for each model:
 * model, relation, action (created, adopted, unchanged).  Ids have the type of
 * the existing tables' ids, or else type nextauth.id_type.
 *
 * Raises an ERROR if an existing table does not have the columns that
 * NextAuth.js v3's adapter gives it, or if its owner is not trusted with
 * people's accounts.
 */
Datum
install(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Oid			schema = get_namespace_oid(NEXTAUTH_SCHEMA, false);
	IdType		id_type;

	InitMaterializedSRF(fcinfo, 0);

	if (creating_extension)
	{
		if (is_restore())
			return (Datum) 0;
		check_schema_owner_trusted(schema);
		describe_schema(schema);
	}

	id_type = choose_id_type(schema);
	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, NEWEST_ROWS);
		const char *action = "unchanged";
		Datum		values[3];
		bool		nulls[3] = {false};

		if (definition->optional && !OidIsValid(model->relid) &&
			!OidIsValid(find_present_table(definition, schema)))
			continue;
		if (!OidIsValid(model->relid))
			action = make_table(model, schema, id_type, InvalidOid);

		values[0] = CStringGetTextDatum(definition->name);
		values[1] = ObjectIdGetDatum(model->relid);
		values[2] = CStringGetTextDatum(action);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * Create the table of an optional model if it has none, and return it.  A new
 * table belongs to the owner of the users' table, as whom the caller must be
 * allowed to act.
 *
 * Raise an ERROR as install() does, or if there are no users.
 */
Oid
install_model(const char *name)
{
	Oid			schema = get_namespace_oid(NEXTAUTH_SCHEMA, false);
	Model	   *users = read_users(NEWEST_ROWS);
	Model	   *model;

	check_model_table(users);
	check_model_owner(users);
	model = read_model(name, NEWEST_ROWS);
	if (OidIsValid(model->relid))
		return model->relid;

	/* Keep two callers from creating it at the same time */
	lock_table(users->relid, ShareUpdateExclusiveLock);

	model = read_model(name, NEWEST_ROWS);
	if (!OidIsValid(model->relid))
		(void) make_table(model, schema, choose_id_type(schema), InvalidOid);
	return model->relid;
}

/*
 * Create or adopt a model's table; returns which of the two.  A new table
 * belongs to the owner of the users' table, if there is one, or else to
 * "owner", and the user needs no right to create it; if "owner" is invalid, to
 * the user.
 */
static const char *
make_table(Model *model, Oid schema, IdType id_type, Oid owner)
{
	const ModelDefinition *definition = model->definition;
	Oid			relid = find_present_table(definition, schema);
	Model	   *users = read_users(NEWEST_ROWS);
	List	   *statements;

	model->id_type = model->user_id_type = id_type;
	if (OidIsValid(relid))
	{
		adopt_table(model, relid);
		return "adopted";
	}

	check_may_hold(model);
	check_names_free(definition, schema);
	model->schema = schema;
	model->schema_name = NEXTAUTH_SCHEMA;
	model->table_name = pstrdup(definition->table_name);
	if (OidIsValid(users->relid))
		owner = users->owner;
	if (OidIsValid(owner))
	{
		model->owner = owner;
		check_owner_usage(model);
		statements = print_create_table(model);
		if (model->owner != GetUserId() || creator_of(model) != model->owner)
			statements = list_concat(statements, print_owner(model, model->owner));
		run_creating(statements, model);
	}
	else
		run_statements(print_create_table(model), GetUserId());
	put_under_management(model, get_relname_relid(definition->table_name, schema));
	return "created";
}

/*
 * Is the extension being created by a restore?  Every dump, and every
 * connection of pg_restore, begins by setting these five in the session.
 */
bool
is_restore(void)
{
	static const char *const names[] = {
		"statement_timeout", "lock_timeout", "xmloption",
		"idle_in_transaction_session_timeout", "row_security"
	};
	static struct config_generic *settings[lengthof(names)];

	for (size_t i = 0; i < lengthof(names); i++)
	{
		if (settings[i] == NULL)
			settings[i] = find_option(names[i], false, false, ERROR);
		if (settings[i]->source != PGC_S_SESSION)
			return false;
	}
	return true;
}

/*
 * adopt_model(name text, relation text or regclass)
 *
 * Puts an existing table, in any schema and with any name, under management as
 * a model.  No row is moved.  The table that install() created for the model
 * is dropped if it is unchanged and empty; those of the other models are then
 * created again if their ids have another type.
 *
 * Raises an ERROR if an adapter could not work with the table, if the user
 * does not own it, or if the model is in use in another table.
 */
Datum
adopt_model(PG_FUNCTION_ARGS)
{
	Model	   *model;
	Model	   *other;
	Oid			relid;
	IdType		id_type;
	bool		others_follow;
	int			nest;

	model = read_model(get_text(fcinfo, 0, "name"), NEWEST_ROWS);
	relid = get_relation(fcinfo, model);
	nest = pin_search_path();

	if (model->relid == relid)
	{
		AtEOXact_GUC(false, nest);
		PG_RETURN_VOID();
	}
	check_may_hold(model);
	others_follow = gives_type_of_ids(model, relid, &id_type);
	if (others_follow)
		model->user_id_type = id_type;
	check_adoptable(model, relid, FITS_ADAPTERS);

	other = find_model(relid);
	if (other)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("table \"%s\" is the table of model \"%s\"",
						name_of_relation(relid), other->definition->name)));

	/* The user must own the model's previous table, too */
	if (OidIsValid(model->relid))
	{
		check_model_owner(model);
		LockRelationOid(model->relid, ShareRowExclusiveLock);
		if (has_custom_columns(model) || has_rows(model->relid))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_IN_USE),
					 errmsg("model \"%s\" is in use in table \"%s.%s\"",
							model->definition->name, model->schema_name,
							model->table_name),
					 errdetail("The table has rows or custom columns."),
					 errhint("Move its rows to the other table, and drop this table first.")));
		(void) remove_as_made(model, true, NULL);
	}
	write_model(model->definition->name, relid);

	record_relation(model->definition->name, "adopt_model", relid);
	warn_of_zoneless_times(read_model(model->definition->name, NEWEST_ROWS));
	if (others_follow)
		let_others_follow(model, id_type);
	AtEOXact_GUC(false, nest);
	PG_RETURN_VOID();
}

/*
 * Warn that times of an adopted table have no time zone.
 */
static void
warn_of_zoneless_times(const Model *model)
{
	List	   *times = find_zoneless_times(NULL, model,
											read_model_columns(model,
															   read_table(model->relid)->columns,
															   NEWEST_ROWS));

	if (times != NIL)
		ereport(WARNING,
				(errmsg("times of model \"%s\" have no time zone",
						model->definition->name),
				 errdetail("Some clients read them as UTC, others as their local time, so no adapter can be added."),
				 errhint("%s", print_set_zone(model, times))));
}

/*
 * Are ids of users in the model's table, its own or others'?
 */
static bool
has_user_ids(const ModelDefinition *definition)
{
	return definition->holds_users || user_property(definition) != NULL;
}

/*
 * Must the ids of all models get the type that they have in the table to
 * adopt?  Yes for the users' table; for a table that refers to users, if it
 * could not refer to the existing users' table, and this one can be created
 * again.
 */
static bool
gives_type_of_ids(const Model *model, Oid relid, IdType *id_type)
{
	if (!has_user_ids(model->definition) ||
		!read_id_type(relid, user_id_column(model->definition), id_type))
		return false;
	if (model->definition->holds_users)
		return true;
	return !can_refer_to_ids(*id_type, model->user_id_type) &&
		can_follow(model, *id_type);
}

/*
 * Can every table that has ids of users get ids of that type: since it has them,
 * is the one that is replaced, or is as it was made, and empty?
 */
static bool
can_follow(const Model *adopted, IdType id_type)
{
	Oid			schema = get_namespace_oid(NEXTAUTH_SCHEMA, false);

	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, NEWEST_ROWS);
		IdType		found;

		if (definition != adopted->definition && has_user_ids(definition) &&
			read_id_type(model->relid, user_id_column(definition), &found) &&
			found != id_type &&
			!(is_as_made(model, schema) && !has_rows(model->relid) &&
			  !has_settings(model->relid, describe_table(model))))
			return false;
	}
	return true;
}

/*
 * Create the tables of other models again that have ids of another type, if
 * they are unchanged and empty.
 *
 * Raise an ERROR if one is in the way of a table that refers to users.
 */
static void
let_others_follow(const Model *adopted, IdType id_type)
{
	bool		is_users = adopted->definition->holds_users;
	Oid			schema = get_namespace_oid(NEXTAUTH_SCHEMA, false);

	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, NEWEST_ROWS);
		List	   *grants = NIL;
		IdType		found;

		if (definition == adopted->definition ||
			!read_id_type(model->relid, user_id_column(definition), &found) ||
			found == id_type ||
			!remove_as_made(model, is_users || !has_user_ids(definition), &grants))
			continue;
		(void) make_table(model, schema, id_type, model->owner);
		grant_on_table(model->relid, grants);
		ereport(NOTICE,
				(errmsg("created table \"%s.%s\" again, with ids of type %s", NEXTAUTH_SCHEMA,
						definition->table_name, print_id_type(id_type))));
	}
}

static void
drop_table(void *argument)
{
	Model	   *model = argument;

	/* The model is not dropped, so its history says nothing of that */
	if (read_model(model->definition->name, NEWEST_ROWS)->relid == model->relid)
		delete_model(model->definition->name);
	run_statements(print_drop_tables(list_make1(model)), GetUserId());
}

/*
 * Grant on a table that was created again the privileges of the previous
 * table, and no others: default privileges may have granted more.
 */
static void
grant_on_table(Oid relid, List *grants)
{
	List	   *statements = NIL;
	ListCell   *lc;

	foreach(lc, read_grants(relid))
		statements = lappend(statements,
							 print_revoke(relid, ((ViewGrant *) lfirst(lc))->role));
	foreach(lc, grants)
		statements = lappend(statements, ((ViewGrant *) lfirst(lc))->sql);
	run_statements(statements, owner_of_relation(relid));
}

/*
 * Drop a previous table of a model if it is empty and as install() created it,
 * without grants, settings and dependent objects.  Otherwise leave it, with a
 * notice, if "leaves" is set.  Returns whether it was dropped.  Sets "grants"
 * to the privileges on it; if "grants" is NULL, a table with grants is left.
 *
 * Raise an ERROR if an object depends on it and "leaves" is not set.
 */
static bool
remove_as_made(Model *model, bool leaves, List **grants)
{
	Oid			schema = get_namespace_oid(NEXTAUTH_SCHEMA, false);
	ErrorData  *error = NULL;
	bool		is_used = false;

	if (is_as_made(model, schema))
	{
		List	   *given;

		lock_table(model->relid, AccessExclusiveLock);

		/* Look again, when nobody can change what is seen */
		given = read_grants(model->relid);
		is_used = (has_settings(model->relid, describe_table(model)) ||
				   (grants == NULL && given != NIL));
		if (!is_used && is_as_made(model, schema) && !has_rows(model->relid))
		{
			if (grants)
				*grants = given;
			error = run_in_subtransaction(drop_table, model, true);
			if (error == NULL)
				return true;
			if (!leaves || error->sqlerrcode != ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST)
				ReThrowError(error);
		}
	}
	ereport(NOTICE,
			(errmsg("left table \"%s.%s\" as it is", model->schema_name, model->table_name),
			 error ? errdetail("Other objects depend on it.") :
			 is_used ? errdetail("It has grants, or settings that differ from those of a new table.") :
			 errdetail("It has rows, or is not as install() made it.")));
	return false;
}

/*
 * A table's name is looked up as in a query, in the user's search_path.
 */
static Oid
get_relation(FunctionCallInfo fcinfo, const Model *model)
{
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("relation of model \"%s\" must not be null",
						model->definition->name)));
	if (type_of_argument(fcinfo, 1) == REGCLASSOID)
		return PG_GETARG_OID(1);
	return DatumGetObjectId(DirectFunctionCall1(regclassin,
												CStringGetDatum(text_to_cstring(PG_GETARG_TEXT_PP(1)))));
}

/*
 * Drop the tables of the models if they all are as CREATE EXTENSION made them
 * in the schema, and the user owns them; guard.c makes the catalog forget the
 * models.
 */
void
uninstall_pristine(Oid schema)
{
	List	   *models = NIL;
	ListCell   *lc;

	for (const ModelDefinition *definition = next_model(NULL); definition;
		 definition = next_model(definition))
	{
		Model	   *model = read_model(definition->name, NEWEST_ROWS);

		if (definition->optional && !OidIsValid(model->relid))
			continue;
		if (!is_as_made(model, schema))
			return;
		models = lappend(models, model);
	}

	/* Look again, when nobody can change what is seen */
	foreach(lc, models)
	{
		Model	   *model = lfirst(lc);

		LockRelationOid(model->relid, AccessExclusiveLock);
		if (get_rel_name(model->relid) == NULL || !is_pristine(model) ||
			has_rows(model->relid))
			return;
	}
	run_statements(print_drop_tables(models), GetUserId());
}

/*
 * Is a model's table, apart from rows, where and as CREATE EXTENSION made it in
 * the schema, and the user's to drop?
 */
static bool
is_as_made(const Model *model, Oid schema)
{
	Model		made = *model;

	if (!OidIsValid(model->relid) || model->schema != schema ||
		get_relname_relid(model->definition->table_name, schema) != model->relid ||
		!owns_relation(model->relid))
		return false;

	/* The users may have ids of another type by now */
	if (read_id_type(model->relid, user_id_column(model->definition),
					 &made.id_type))
		made.user_id_type = made.id_type;
	return is_pristine(&made);
}

/*
 * Is a model's table, apart from rows, as CREATE EXTENSION made it?
 */
static bool
is_pristine(const Model *model)
{
	Table	   *table = read_table(model->relid);
	List	   *desired = builtin_columns(model);
	int			indexes = 0;
	ListCell   *lc;

	if (table->is_extended || table->checks != NIL ||
		list_length(table->columns) != list_length(desired) ||
		has_custom_columns(model) || read_version(model->definition->name) > 0)
		return false;

	foreach(lc, desired)
	{
		ColumnSpec *column = lfirst(lc);
		const ColumnSpec *found = find_column(table->columns, column->column_name);

		if (found == NULL || find_differences(column, found))
			return false;
		if (column->primary || column->unique)
			indexes++;
	}
	for (const IndexDefinition *i = model->definition->indexes; i->name; i++)
		indexes++;
	return list_length(table->indexes) == indexes && table->other_indexes == NIL;
}

/*
 * Raise an ERROR if the owner of a schema is not trusted with tables of
 * people's accounts.
 */
static void
check_schema_owner_trusted(Oid schema)
{
	Oid			owner = schema_owner(schema);

	if (is_trusted_owner(owner))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("schema \"%s\" belongs to role \"%s\", which is not trusted",
					name_of_schema(schema), GetUserNameFromId(owner, false)),
			 errdetail("Only superusers, the owner of the database and the current user are trusted."),
			 errhint("Drop the schema, or give it to a trusted role with ALTER SCHEMA ... OWNER TO.")));
}

/*
 * Give the schema a comment, unless it was there before and has one.
 */
static void
describe_schema(Oid schema)
{
	char	   *comment;

	if (GetComment(schema, NamespaceRelationId, 0))
		return;
	comment = print_schema_comment(NEXTAUTH_SCHEMA,
								   "NextAuth.js models: their tables, and the functions and views of extension nextauth");
	run_statements(list_make1(comment), GetUserId());
}
