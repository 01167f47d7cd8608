/*-------------------------------------------------------------------------
 *
 * guard.c
 *	  Event triggers: protect columns, update the catalog after renames and
 *	  drops, and let a restore replace empty tables
 *
 * They run on all DDL of the database, by any role: each examines the parse
 * tree first and ignores most commands.  They look up names in the user's
 * search_path, as the DDL does, so the functions have no SET clause; queries
 * that they run have a fixed search_path.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/event_trigger.h"
#include "miscadmin.h"
#include "parser/parse_type.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "commands.h"

PG_FUNCTION_INFO_V1(guard_ddl_start);
PG_FUNCTION_INFO_V1(guard_ddl_end);
PG_FUNCTION_INFO_V1(guard_drop);
PG_FUNCTION_INFO_V1(guard_rewrite);

/* Which of a model's columns to protect */
typedef enum ProtectedColumns
{
	BUILTIN_COLUMNS,
	DECLARED_COLUMNS			/* built in or custom */
} ProtectedColumns;

static Node *get_command(FunctionCallInfo fcinfo, const char *event);
static void guard_alter_table(AlterTableStmt *statement);
static bool keeps_type(RangeVar *relation, AlterTableCmd *command);
static void guard_rename(RenameStmt *statement);
static void guard_column(RangeVar *relation, const char *column_name,
						 const char *message);
static bool drops_schemas(Node *command);
static bool drops_extension(Node *command);
static void forget_model(const DroppedObject *dropped);
static bool renames_column(RenameStmt *statement);
static void follow_rename(RenameStmt *statement);
static void follow_defaults(AlterTableStmt *statement);
static void refresh_own_views(const Model *model);
static void follow_move(const char *action);
static void follow_schema(RenameStmt *statement);
static void guard_restore(RangeVar *created);
static bool is_declared(const Model *model, const char *column_name);
static void record_change(const Model *model, const char *action,
						  const char *what, const char *happened);
static void protect_column(const Model *model, const char *column_name,
						   const char *message, ProtectedColumns which);

static const char *const cannot_rename = "cannot rename column \"%s\" of model \"%s\"";

/*
 * guard_ddl_start(), for ddl_command_start
 *
 * Raises an ERROR if the command renames a built-in column or changes its type
 * while nextauth.protect_columns is on.  Drops the tables that CREATE
 * EXTENSION has just created if a restore is about to create its own.  Starts
 * drop_guard.c.
 */
Datum
guard_ddl_start(PG_FUNCTION_ARGS)
{
	Node	   *command = get_command(fcinfo, "ddl_command_start");

	if (IsA(command, DropStmt))
		begin_guarded_drop();
	else if (IsA(command, AlterTableStmt))
		guard_alter_table((AlterTableStmt *) command);
	else if (IsA(command, RenameStmt))
		guard_rename((RenameStmt *) command);
	else if (IsA(command, CreateStmt))
		guard_restore(((CreateStmt *) command)->relation);
	else if (IsA(command, CreateExtensionStmt) &&
			 strcmp(((CreateExtensionStmt *) command)->extname,
					NEXTAUTH_SCHEMA) == 0)
		guard_restore(NULL);
	PG_RETURN_NULL();
}

/*
 * guard_ddl_end(), for ddl_command_end
 *
 * Updates the catalog after the renaming of a custom column or of an adapter's
 * schema, and records the renaming of a table; copies a column's new default
 * to the adapters' views.
 */
Datum
guard_ddl_end(PG_FUNCTION_ARGS)
{
	Node	   *command = get_command(fcinfo, "ddl_command_end");

	if (IsA(command, RenameStmt))
	{
		RenameStmt *statement = (RenameStmt *) command;

		if (renames_column(statement))
			follow_rename(statement);
		else if (statement->renameType == OBJECT_TABLE)
			follow_move("rename table");
		else if (statement->renameType == OBJECT_SCHEMA)
			follow_schema(statement);
	}
	else if (IsA(command, AlterObjectSchemaStmt))
		follow_move("set schema");
	else if (IsA(command, AlterTableStmt))
		follow_defaults((AlterTableStmt *) command);
	PG_RETURN_NULL();
}

/*
 * Does the command rename a column of a table, or of the composite type of a
 * typed table?
 */
static bool
renames_column(RenameStmt *statement)
{
	return statement->renameType == OBJECT_COLUMN ||
		statement->renameType == OBJECT_ATTRIBUTE;
}

/*
 * A column has another name, in each table that the renaming cascades to.
 */
static void
follow_rename(RenameStmt *statement)
{
	Oid			relid = RangeVarGetRelid(statement->relation, NoLock, true);
	ListCell   *lc;

	foreach(lc, find_altered_models(relid))
	{
		Model	   *model = lfirst(lc);
		bool		records = (!is_altering(model->relid) &&
							   is_declared(model, statement->subname));

		/* The table may not have held a model when the command began to wait */
		if (records && protects_columns())
			protect_column(model, statement->subname, cannot_rename, BUILTIN_COLUMNS);
		rename_custom_column(model, statement->subname, statement->newname);
		if (!records)
			continue;
		record_change(model, "rename column", statement->subname,
					  statement->newname);
		refresh_own_views(model);
	}
}

/*
 * Columns may have other defaults, in each table that this cascades to.  A
 * restore drops defaults before it drops the tables, and has its own views.
 */
static void
follow_defaults(AlterTableStmt *statement)
{
	bool		changes = false;
	ListCell   *lc;

	foreach(lc, statement->cmds)
		changes |= ((AlterTableCmd *) lfirst(lc))->subtype == AT_ColumnDefault;
	if (!changes || is_restore())
		return;
	foreach(lc, find_altered_models(RangeVarGetRelid(statement->relation, NoLock, true)))
	{
		const Model *model = lfirst(lc);

		if (!is_altering(model->relid))
			refresh_own_views(model);
	}
}

/*
 * Rename the columns of adapters' views that are named as the table's columns,
 * in the views that the user may alter; check_models() reports the others.
 *
 * The table is locked already, while a query locks a view first: in a deadlock
 * the user's command fails rather than the query.
 */
static void
refresh_own_views(const Model *model)
{
	int			nest = pin_search_path();
	List	   *columns = read_model_columns(model, read_table(model->relid)->columns,
											 NEWEST_ROWS);
	ListCell   *lc;

	foreach(lc, find_adapter_views(model))
	{
		const AdapterView *view = lfirst(lc);
		int			timeout;

		if (!OidIsValid(view->relid) || view->is_foreign ||
			!owns_relation(view->relid) ||
			plan_view(view, model, columns, NULL) == NIL)
			continue;
		timeout = begin_lock_timeout();
		LockRelationOid(view->relid, AccessExclusiveLock);
		AtEOXact_GUC(false, timeout);
		if (get_rel_relkind(view->relid) == RELKIND_VIEW)
			(void) change_view(view, model, columns);
	}
	AtEOXact_GUC(false, nest);
}

/*
 * Record the new name or schema of a table; the catalog follows by itself.
 */
static void
follow_move(const char *action)
{
	int			nest;
	ListCell   *lc;

	if (!has_locked_models())
		return;
	nest = pin_search_path();
	foreach(lc, read_altered())
	{
		Model	   *model = read_model(lfirst(lc), NEWEST_ROWS);

		record_change(model, action, "relation", name_with_schema(model));
	}
	AtEOXact_GUC(false, nest);
}

/*
 * A schema has another name.
 */
static void
follow_schema(RenameStmt *statement)
{
	if ((is_mentioned_schema(statement->subname) ||
		 is_mentioned_schema(statement->newname)) && has_catalog())
		rename_adapter(statement->subname, statement->newname);
}

/*
 * guard_drop(), for sql_drop
 *
 * Deletes models whose tables were dropped, and adapters whose schemas were
 * dropped, from the catalog.  Raises an ERROR if a column of a model was
 * dropped, in any way, while nextauth.protect_columns is on; if it is off,
 * deletes the column from the catalog.  Raises an ERROR if DROP EXTENSION
 * dropped a model's table, which drop_guard.c does not notice: DROP EXTENSION
 * must work even if the library is missing, so no event trigger is fired
 * before it.
 */
Datum
guard_drop(PG_FUNCTION_ARGS)
{
	Node	   *command = get_command(fcinfo, "sql_drop");
	bool		forgets_schemas = drops_schemas(command) && has_lost_schemas();
	int			nest;
	ListCell   *lc;

	if ((!forgets_schemas && !has_locked_models()) || !has_catalog())
		PG_RETURN_NULL();

	nest = pin_search_path();
	if (forgets_schemas)
		forget_dropped_schemas();
	foreach(lc, read_dropped())
	{
		DroppedObject *dropped = lfirst(lc);

		if (dropped->column_name == NULL)
		{
			if (dropped->counts && drops_extension(command) &&
				protects_tables() && !is_restore())
				report_guarded_table(InvalidOid, dropped->model,
									 "It would be dropped with an extension, whether it has rows or not.");
			forget_model(dropped);
		}
		else
		{
			Model	   *model = read_model(dropped->model, NEWEST_ROWS);
			bool		records = (!is_altering(model->relid) &&
								   is_declared(model, dropped->column_name));

			if (protects_columns())
				protect_column(model, dropped->column_name,
							   "cannot drop column \"%s\" of model \"%s\"",
							   DECLARED_COLUMNS);
			delete_custom_column(model, dropped->column_name);
			if (records)
				record_change(model, "drop column", dropped->column_name,
							  "dropped");
		}
	}
	AtEOXact_GUC(false, nest);
	PG_RETURN_NULL();
}

/*
 * Can the command drop a schema?
 */
static bool
drops_schemas(Node *command)
{
	if (IsA(command, DropOwnedStmt) || drops_extension(command))
		return true;
	return IsA(command, DropStmt) &&
		((DropStmt *) command)->removeType == OBJECT_SCHEMA;
}

static bool
drops_extension(Node *command)
{
	return IsA(command, DropStmt) &&
		((DropStmt *) command)->removeType == OBJECT_EXTENSION;
}

/*
 * Delete a model from the catalog, and record that.  A restore, which drops
 * tables before it creates them, has its own history.
 */
static void
forget_model(const DroppedObject *dropped)
{
	const char *name = dropped->model;

	delete_model(name);
	if (dropped->counts && !is_restore())
	{
		StringInfoData changes;

		initStringInfo(&changes);
		append_change(&changes, "relation", "dropped");
		write_change(name, "drop table", changes.data, NIL);
	}
}

/*
 * guard_rewrite(), for table_rewrite
 *
 * Raises an ERROR if extend_model() is about to rewrite a large table with a
 * statement that it did not expect to rewrite.
 */
Datum
guard_rewrite(PG_FUNCTION_ARGS)
{
	(void) get_command(fcinfo, "table_rewrite");

	check_rewrite(DatumGetObjectId(OidFunctionCall0(F_PG_EVENT_TRIGGER_TABLE_REWRITE_OID)));
	PG_RETURN_NULL();
}

/*
 * Is the column one of the model, built in or custom?
 */
static bool
is_declared(const Model *model, const char *column_name)
{
	return find_column(read_model_columns(model, NIL, NEWEST_ROWS), column_name) != NULL;
}

/*
 * Record a change of a model by hand.
 */
static void
record_change(const Model *model, const char *action, const char *what,
			  const char *happened)
{
	StringInfoData changes;

	initStringInfo(&changes);
	append_change(&changes, what, happened);
	write_change(model->definition->name, action, changes.data, NIL);
}

static Node *
get_command(FunctionCallInfo fcinfo, const char *event)
{
	EventTriggerData *trigger;

	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by event trigger manager",
						get_func_name(fcinfo->flinfo->fn_oid))));
	trigger = (EventTriggerData *) fcinfo->context;
	if (strcmp(trigger->event, event) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired ON %s",
						get_func_name(fcinfo->flinfo->fn_oid), event)));
	return trigger->parsetree;
}

static void
guard_alter_table(AlterTableStmt *statement)
{
	ListCell   *lc;

	foreach(lc, statement->cmds)
	{
		AlterTableCmd *command = lfirst(lc);

		if (command->subtype == AT_AlterColumnType &&
			!keeps_type(statement->relation, command))
			guard_column(statement->relation, command->name,
						 "cannot change the type of column \"%s\" of model \"%s\"");
		else if (command->subtype == AT_DropConstraint)
			guard_primary_key(statement, command->name);
	}
}

/*
 * Is the new type the old one, perhaps with another length?
 */
static bool
keeps_type(RangeVar *relation, AlterTableCmd *command)
{
	Oid			relid = RangeVarGetRelid(relation, NoLock, true);
	AttrNumber	attnum = InvalidAttrNumber;

	if (OidIsValid(relid))
		attnum = get_attnum(relid, command->name);
	return attnum != InvalidAttrNumber &&
		get_atttype(relid, attnum) ==
		LookupTypeNameOid(NULL, castNode(ColumnDef, command->def)->typeName, true);
}

static void
guard_rename(RenameStmt *statement)
{
	if (renames_column(statement))
		guard_column(statement->relation, statement->subname, cannot_rename);
}

/*
 * Raise an ERROR, with a message about a column and a model, if the relation is
 * a model's table, or its parent or type, and the column built in.
 */
static void
guard_column(RangeVar *relation, const char *column_name, const char *message)
{
	ListCell   *lc;

	if (!protects_columns())
		return;
	foreach(lc, find_altered_models(RangeVarGetRelid(relation, NoLock, true)))
		protect_column(lfirst(lc), column_name, message, BUILTIN_COLUMNS);
}

/*
 * Raise an ERROR, with a message about a column and a model, if the column is
 * one of those to protect.
 */
static void
protect_column(const Model *model, const char *column_name, const char *message,
			   ProtectedColumns which)
{
	ListCell   *lc;

	foreach(lc, read_model_columns(model, NIL, NEWEST_ROWS))
	{
		ColumnSpec *column = lfirst(lc);

		if (strcmp(column->column_name, column_name) != 0 ||
			(which == BUILTIN_COLUMNS && !column->builtin))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg(message, column_name, model->definition->name),
				 column->builtin ?
				 errdetail("The column is built into the model.") :
				 errdetail("The model declares it as property \"%s\".",
						   column->property),
				 column->builtin ?
				 errhint("To do it anyway, set \"nextauth.protect_columns\" to off in the transaction.") :
				 errhint("If an application did this, its models are out of date.  To drop the column with its data: SELECT nextauth.drop_properties(%s, %s).",
						 quote_literal_cstr(model->definition->name),
						 quote_literal_cstr(column->property))));
	}
}

/*
 * Drop the tables that CREATE EXTENSION has made if a restore is about to
 * create its own: "created", in schema nextauth, or with the extension (NULL).
 * Only tables that are still as they were made are dropped, and only for their
 * owner.
 */
static void
guard_restore(RangeVar *created)
{
	int			nest;

	if (created &&
		(created->schemaname == NULL ||
		 strcmp(created->schemaname, NEXTAUTH_SCHEMA) != 0))
		return;
	if (!is_restore() || !has_catalog())
		return;
	nest = pin_search_path();
	uninstall_pristine(get_namespace_oid(NEXTAUTH_SCHEMA, false));
	AtEOXact_GUC(false, nest);
}
