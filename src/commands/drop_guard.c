/*-------------------------------------------------------------------------
 *
 * drop_guard.c
 *	  Keeps the tables of models that have rows from being dropped, and their
 *	  primary keys
 *
 * When sql_drop fires, a dropped table can no longer be read.  So
 * object_access_hook looks for its rows: PostgreSQL calls it for each object
 * to drop, also by CASCADE, when all of them are locked.  It looks only during
 * a command for which the event trigger was fired: the event trigger loads the
 * library, and disabling it disables this protection as well.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_inherits.h"
#include "miscadmin.h"
#include "tcop/utility.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "commands.h"

/* A model's table that the command may drop only if it is empty */
typedef struct GuardedTable
{
	Oid			relid;
	const char *model;
	bool		has_heirs;		/* tables inherit from it */
	bool		heirs_had_rows; /* the command has dropped an inheriting table */
} GuardedTable;

/* A command, while it is running */
typedef struct DropCommand
{
	bool		is_guarded;
	bool		is_read;		/* tables are set */
	int			count;
	GuardedTable tables[MAX_MODELS];
} DropCommand;

/* The command that began before the library was loaded, and the running one */
static DropCommand first_command;
static DropCommand *command = &first_command;

static object_access_hook_type next_object_access;
static ProcessUtility_hook_type next_process_utility;

static void guard_object(ObjectAccessType access, Oid classid, Oid objid,
						 int subid, void *arg);
static void run_utility(PlannedStmt *statement, const char *query,
						bool read_only, ProcessUtilityContext context,
						ParamListInfo params, QueryEnvironment *environment,
						DestReceiver *dest, QueryCompletion *completion);
static void check_dropped(Oid relid);
static bool adds_primary_key(const AlterTableStmt *statement);
static void read_guarded_tables(void);

/*
 * Install the hooks before the existing ones.
 */
void
install_drop_hooks(void)
{
	next_object_access = object_access_hook;
	object_access_hook = guard_object;
	next_process_utility = ProcessUtility_hook ? ProcessUtility_hook :
		standard_ProcessUtility;
	ProcessUtility_hook = run_utility;
}

/*
 * The running command, which is not DROP OWNED, may drop objects: guard it,
 * unless it is part of a restore or the user has turned the protection off.
 */
void
begin_guarded_drop(void)
{
	command->is_guarded = protects_tables() && !is_restore();
	command->is_read = false;
}

/*
 * Guard only this command, and neither a nested one nor the next.
 */
static void
run_utility(PlannedStmt *statement, const char *query, bool read_only,
			ProcessUtilityContext context, ParamListInfo params,
			QueryEnvironment *environment, DestReceiver *dest,
			QueryCompletion *completion)
{
	DropCommand *outer = command;
	DropCommand inner;

	inner.is_guarded = false;
	command = &inner;
	PG_TRY();
	{
		next_process_utility(statement, query, read_only, context, params,
							 environment, dest, completion);
	}
	PG_FINALLY();
	{
		command = outer;
	}
	PG_END_TRY();
}

static void
guard_object(ObjectAccessType access, Oid classid, Oid objid, int subid,
			 void *arg)
{
	if (next_object_access)
		next_object_access(access, classid, objid, subid, arg);
	if (access == OAT_DROP && command->is_guarded &&
		classid == RelationRelationId && subid == 0)
		check_dropped(objid);
}

/*
 * Raise an ERROR if the relation to drop is a model's table that has rows, or
 * whose inheriting tables had rows, because a query on it returns these, too.
 */
static void
check_dropped(Oid relid)
{
	/* The first relation of all: the catalog is still there */
	if (!command->is_read)
		read_guarded_tables();

	for (int i = 0; i < command->count; i++)
	{
		GuardedTable *table = &command->tables[i];

		if (table->relid == relid)
		{
			if (table->heirs_had_rows || has_rows(relid))
				report_guarded_table(relid, table->model, table->heirs_had_rows ?
									 "A table that inherits from it has rows." :
									 "The table has rows.");
		}
		else if (table->has_heirs && !table->heirs_had_rows &&
				 get_rel_relkind(relid) == RELKIND_RELATION &&
				 is_altered_with(relid, table->relid))
			table->heirs_had_rows = has_rows(relid);
	}
}

/*
 * Find the tables of models.  The command has locked all objects to drop by
 * now, so if no table of a model is locked, as with most commands, it drops
 * none.
 */
static void
read_guarded_tables(void)
{
	command->is_read = true;
	command->count = 0;
	if (!has_locked_models() || !has_catalog())
		return;
	for (const ModelDefinition *definition = next_model(NULL);
		 definition && command->count < MAX_MODELS; definition = next_model(definition))
	{
		GuardedTable *table = &command->tables[command->count];

		table->relid = read_model(definition->name, NEWEST_ROWS)->relid;
		if (!OidIsValid(table->relid))
			continue;
		table->model = definition->name;
		table->has_heirs = has_subclass(table->relid);
		table->heirs_had_rows = false;
		command->count++;
	}
}

/*
 * Raise an ERROR if a constraint that ALTER TABLE drops is the primary key of
 * a model's table that has rows.  A script that drops the keys, fails to drop
 * the table, and continues would load every row a second time.
 */
void
guard_primary_key(const AlterTableStmt *statement, const char *constraint_name)
{
	Oid			relid;
	Oid			constraint;
	char	   *name;
	Model	   *model;

	if (!protects_tables() || is_restore() || adds_primary_key(statement))
		return;
	relid = RangeVarGetRelid(statement->relation, NoLock, true);
	model = OidIsValid(relid) && !is_altering(relid) ? find_model(relid) : NULL;
	if (model == NULL || !owns_relation(relid))
		return;
	(void) get_primary_key_attnos(relid, true, &constraint);

	/* The table is not locked yet, and may be gone */
	name = OidIsValid(constraint) ? get_constraint_name(constraint) : NULL;
	if (name && strcmp(name, constraint_name) == 0 && has_rows(relid))
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("cannot drop primary key \"%s\" of model \"%s\"",
						constraint_name, model->definition->name),
				 errdetail("The table has rows."),
				 errhint("Add the new primary key in the same ALTER TABLE, or set \"nextauth.protect_tables\" to off in the transaction.")));
}

/*
 * Does the command give the table a primary key?
 */
static bool
adds_primary_key(const AlterTableStmt *statement)
{
	ListCell   *lc;

	foreach(lc, statement->cmds)
	{
		const AlterTableCmd *cmd = lfirst(lc);

		if (cmd->subtype == AT_AddConstraint &&
			castNode(Constraint, cmd->def)->contype == CONSTR_PRIMARY)
			return true;
	}
	return false;
}

/*
 * Raise an ERROR that a model's table is not dropped.
 */
void
report_guarded_table(Oid relid, const char *model, const char *detail)
{
	const char *name = get_rel_name(relid);

	ereport(ERROR,
			(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
			 name ? errmsg("cannot drop table \"%s.%s\" of model \"%s\"",
						   name_of_schema(get_rel_namespace(relid)), name, model) :
			 errmsg("cannot drop the table of model \"%s\"", model),
			 errdetail_internal("%s", detail),
			 errhint("To drop it anyway, set \"nextauth.protect_tables\" to off in the transaction, or in PGOPTIONS for a script.")));
}
