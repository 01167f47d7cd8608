/*-------------------------------------------------------------------------
 *
 * commands.h
 *	  What the functions that SQL calls share
 *
 *-------------------------------------------------------------------------
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "nodes/execnodes.h"

#include "change/change.h"

/* How an existing table must fit a model */
typedef enum Fit
{
	FITS_EXACTLY,				/* as the extension would create it */
	FITS_ADAPTERS				/* so that an adapter works with it */
} Fit;

/* A model to extend */
typedef struct Extension
{
	const char *name;
	const char *verb;			/* SQL function that was called */
	JsonbContainer *columns;
	JsonbContainer *options;
	bool		options_have_columns;	/* as in extend_models() */
	bool		online;			/* by extend_model_online() */
	bool		only_plan;		/* only a plan: needs no ownership */
	bool		for_adapter;	/* new columns belong to an adapter */
	Model	   *model;
	ModelPlan  *plan;
	List	   *views;			/* of AdapterView, views that the plan changes */
	StepCost	checked_cost;	/* of the plan that was checked unlocked */
} Extension;

/* The state of the worker of extend_model_online() */
typedef struct Work
{
	Extension	extension;
	MemoryContext context;		/* lives as long as the worker */
	MemoryContext round;		/* lives as long as a plan */
	List	   *statements;		/* of char *, that ran outside of extend_all() */
	StringInfoData changes;		/* what they changed, by append_change() */
	Oid			user;			/* as whom it works */
	List	   *unfinished;		/* of char *, constraints not valid yet */
	char	   *index;			/* that is being built, or NULL */
} Work;

/* Rows of which people cannot sign in, and the statement that mends them */
typedef struct Lockout
{
	const char *property;
	char	   *finding;
	char	   *remedy;
} Lockout;

/* The source of rows that are imported: an array, or a table's column */
typedef struct RowSource
{
	Jsonb	   *array;			/* NULL: a table's column */
	Oid			relid;
	char	   *column_name;
	int64		row;			/* the number of the present row, from 1 on */
} RowSource;

typedef void (*RowWork) (void *argument, JsonbContainer *row);

/* lockouts.c: rows of which people can no longer sign in */
extern List *find_lockouts(const Model *model, List *columns);

/* adopt.c: decides which existing table may hold a model, and puts it under */
extern Oid	find_present_table(const ModelDefinition *definition, Oid schema);
extern void check_names_free(const ModelDefinition *definition, Oid schema);
extern IdType choose_id_type(Oid schema);
extern void adopt_table(Model *model, Oid relid);
extern void adopt_if_missing(const char *name);
extern void put_under_management(Model *model, Oid relid);
extern void record_relation(const char *model, const char *action, Oid relid);
extern void check_may_hold(const Model *model);
extern void check_adoptable(const Model *model, Oid relid, Fit fit);
extern bool is_trusted_owner(Oid role);

/* extend.c: the verbs that define models: extend_model(), extend_models(), and */
extern Extension *get_extension(FunctionCallInfo fcinfo);
extern const char *print_planned_action(ColumnAction action);
extern void plan_extension(Extension *extension);
extern void check_foreign_key_target(const ForeignKeySpec *foreign_key,
									 Oid owner);
extern List *required_locks(const Extension *extension, List *steps,
							List *held);
extern void extend_all(List *extensions, const char *verb);
extern void put_statement(FunctionCallInfo fcinfo, int step,
						  const Statement *statement, int64 rows,
						  const Model *model);
extern void put_text(FunctionCallInfo fcinfo, int step, const char *sql);
extern void plan_unlocked(Extension *extension);

/* row_source.c: rows of another engine, as JSON, from an argument or a table */
extern RowSource get_source(FunctionCallInfo fcinfo);
extern void each_row(RowSource *source, RowWork work, void *argument);

/* online.c: extend_model_online(): what extend_model() does, without keeping readers */
extern void set_session_option(const char *name, const char *value);
extern void extend_online(Work *work);
extern void clean_up(Work *work);
extern void abort_transaction(const Work *work);

/* worker.c: extend_model_online(): the call, and the background worker that does it */
extern PGDLLEXPORT void nextauth_online_main(Datum handle);

/* install.c: creates or adopts the tables of the built-in models, and recognizes a */
extern bool is_restore(void);
extern Oid	install_model(const char *name);
extern void uninstall_pristine(Oid schema);

/* adapters.c: add_adapter(): a schema with the views that an adapter expects */
extern void drop_views(List *views, ReturnSetInfo *rsinfo);
extern void put_part(ReturnSetInfo *rsinfo, const char *kind, const char *name,
					 const char *action);

/* drop_guard.c: keeps the tables of models that have rows from being dropped, and their */
extern void install_drop_hooks(void);
extern void begin_guarded_drop(void);
extern void guard_primary_key(const AlterTableStmt *statement,
							  const char *constraint_name);
extern void report_guarded_table(Oid relid, const char *model,
								 const char *detail);

#endif							/* COMMANDS_H */
