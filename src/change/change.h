/*-------------------------------------------------------------------------
 *
 * change.h
 *	  What a definition changes, what that costs, and doing it
 *
 *-------------------------------------------------------------------------
 */
#ifndef CHANGE_H
#define CHANGE_H

#include "parser/parse_coerce.h"

#include "declare/declare.h"

typedef enum StepKind
{
	STEP_CREATE_TYPE,
	STEP_ADD_LABEL,
	STEP_CREATE_SEQUENCE,
	STEP_DROP_CONSTRAINT,
	STEP_DROP_COLUMN,
	STEP_ADD_COLUMN,
	STEP_DROP_DEFAULT,
	STEP_DROP_IDENTITY,
	STEP_DROP_EXPRESSION,
	STEP_SET_TYPE,
	STEP_SET_EXPRESSION,
	STEP_SET_DEFAULT,
	STEP_ADD_IDENTITY,
	STEP_SET_NOT_NULL,
	STEP_VALIDATE_NOT_NULL,
	STEP_DROP_NOT_NULL,
	STEP_ADD_UNIQUE,
	STEP_ADD_CHECK,
	STEP_ADD_FOREIGN_KEY,
	STEP_REMAKE_CONSTRAINT,
	STEP_VALIDATE,
	STEP_DROP_INDEX,
	STEP_CREATE_INDEX,
	STEP_REMAKE_INDEX,
	STEP_REPLICA_IDENTITY,
	STEP_SET_COLUMN,
	STEP_GRANT,
	STEP_RESTORE,
	STEP_COMMENT,
	STEP_COMMENT_CONSTRAINT,
	STEP_RENAME_COLUMN,
	STEP_RENAME_CONSTRAINT,
	STEP_RENAME_INDEX,
	STEP_RENAME_TYPE,
	STEP_RENAME_SEQUENCE,
	STEP_SET_SEQUENCE_TYPE,
	STEP_DROP_SEQUENCE,
	STEP_DROP_TYPE,
	STEP_COUNT
} StepKind;

/* What a step does to a table with rows */
typedef enum StepCost
{
	COST_INSTANT,
	COST_SCAN,					/* reads all rows */
	COST_REWRITE				/* rewrites all rows and all indexes */
} StepCost;

/* One change of a table; the kind determines which other fields are set */
typedef struct Step
{
	StepKind	kind;
	StepCost	cost;
	ColumnSpec *column;			/* desired */
	const ColumnSpec *from;		/* as it is */
	const IndexSpec *index;		/* the index, also of a UNIQUE constraint */
	const CheckSpec *check;
	const ForeignKeySpec *foreign_key;
	const char *name;			/* of the constraint, index or column that is
								 * there, or is made again */
	const char *new_name;		/* that a renamed object gets */
	const char *label;			/* that an enum type gets */
	const char *next_label;		/* before which it is added; NULL: the last */
	const char *comment;		/* that a constraint gets */
	const char *sql;			/* printed by PostgreSQL, for the %s of the
								 * kind's template */
	const char *by_index;		/* existing index that a UNIQUE constraint
								 * takes; NULL: it makes one */
	const IndexSpec *replaced;	/* the index that is replaced */
	bool		of_options;		/* the model's options define it */
	bool		not_valid;		/* existing rows are checked later */
	bool		checks_rows;	/* checks each row against a domain's
								 * constraints */
	bool		concurrently;	/* CONCURRENTLY, outside a transaction */
} Step;

/* Where a step goes in the order of statements */
typedef enum Stage
{
	NO_STAGE,
	BEFORE_TABLE,
	IN_ALTER_TABLE,
	IN_ALTER_TABLE_LAST,		/* when all columns are added */
	AFTER_TABLE
} Stage;

/* What is true for a kind of step */
#define MAKES_OBJECT	0x01	/* needs CREATE on the table's schema */
#define BY_TYPE_OWNER	0x02	/* runs as the owner of the column's type */
#define IS_ONLINE		0x04	/* if slow, is done in several transactions */
#define CHANGES_VALUES	0x08	/* of the column, which are checked then */
#define REMAKES_KEYS	0x10	/* also foreign keys that refer to the column */
#define CHANGES_VIEW	0x20	/* that shows the column */
#define REMAKES_VIEW	0x40	/* which is dropped before */

/* All that is the same for each step of a kind: a row of the table in step.c */
typedef struct StepTraits
{
	Stage		stage;
	LOCKMODE	lock;			/* that PostgreSQL takes on the model's table */
	int			flags;
	const char *sql;			/* template; NULL: append_step() prints it */
	StepCost	cost;			/* unless it depends on the column */
	const char *column_reason;	/* why it is slow, with the column's name */
	const char *object_reason;	/* the same, with the name of its object */
} StepTraits;

/* Steps as SQL, and the lock and rights that running it needs */
typedef struct Statement
{
	char	   *sql;
	LOCKMODE	lock;			/* on the model's table */
	StepCost	cost;
	bool		creates;		/* needs CREATE on the table's schema */
	Oid			role;			/* role that runs it; invalid: the table's
								 * owner */
} Statement;

typedef enum ColumnAction
{
	ACTION_UNCHANGED,
	ACTION_ADDED,
	ACTION_ALTERED,
	ACTION_ADOPTED
} ColumnAction;

typedef struct PlannedColumn
{
	ColumnSpec *column;
	ColumnAction action;
	char	   *changes;		/* NULL unless the column is altered */
} PlannedColumn;

/* An index or constraint of a definition's ModelSpec */
typedef struct PlannedObject
{
	const char *kind;
	char	   *name;
	ColumnAction action;
} PlannedObject;

typedef struct ModelPlan
{
	List	   *steps;			/* of Step */
	List	   *columns;		/* of PlannedColumn, in the author's order */
	List	   *objects;		/* of PlannedObject */
	List	   *all_columns;	/* of ColumnSpec: columns of the table after
								 * the plan */
	List	   *not_unique;		/* the model's not_unique after the plan */
	bool		changes_catalog;
} ModelPlan;

typedef struct ObjectLock
{
	Oid			objid;
	Oid			classid;		/* invalid if it is a table or view */
	LOCKMODE	mode;
	bool		is_view;		/* lock.c sets it */
} ObjectLock;

/* How plan_and_lock() is to plan a change; the functions get "argument" */
typedef struct LockedPlan
{
	const char *command;		/* as in an error in a read-only transaction */

	/* Plans the change from what is there */
	void		(*plan) (void *argument);

	/*
	 * The locks, a list of ObjectLock, that the plan needs and that are not
	 * among those held.  Raises an ERROR if the user has no right to one.
	 */
	List	   *(*find_locks) (void *argument, List *held);

	/* Checks what takes time; NULL if nothing does */
	void		(*check) (void *argument);
	void	   *argument;
} LockedPlan;

/* step.c: steps, of which a plan is made, and the table of their kinds */
extern const StepTraits *traits_of(StepKind kind);
extern bool makes_object(const Step *step);
extern const char *name_of_object(const Step *step);
extern const char *describe_step(const Step *step);
extern Step *make_step(StepKind kind, ColumnSpec *column);
extern Step *make_unique_step(const Model *model, ColumnSpec *column);

/* cost.c: the cost of a step for a table with rows; refuses steps that would */
extern bool fits_without_cast(const ColumnSpec *column, const ColumnSpec *from);
extern char *print_cast(const ColumnSpec *column, const ColumnSpec *from,
						const char *quoted);
extern void set_cost(const Model *model, const Table *table, Step *step);
extern bool is_online(const Step *step);
extern bool is_filled_later(const Step *step);
extern StepCost highest_cost(List *steps);
extern void check_cost(const Model *model, List *steps, int elevel);
extern CoercionPathType find_cast(const ColumnSpec *column,
								  const ColumnSpec *from, CoercionContext context);
extern bool drops_values(const Step *step);

/* check_data.c: refuses steps that the rows do not allow */
extern int64 count_label(const Model *model, const ColumnSpec *column,
						 const char *label);
extern int64 count_strange_uuids(const Model *model, const ColumnSpec *column);
extern int64 query_number(Oid role, const char *query);
extern int64 count_nulls(const Model *model, const ColumnSpec *column);
extern int64 count_values(const Model *model, const ColumnSpec *column);
extern void check_sees_all(const Model *model, const ColumnSpec *column,
						   int elevel);
extern void check_data(const Model *model, List *steps, int elevel);
extern void check_data_locked(const Model *model, List *steps);

/* plan.c: A model as it is desired against its table -> an ordered list of steps */
extern ModelPlan *make_plan(const Model *model, List *desired,
							const ModelSpec *spec, const Table *table,
							List *actual, bool online);
extern void report_lost_identity(const Model *model, const IndexSpec *index);

/* lock.c: locks on the tables of models and the adapters' views, taken so that */
extern void lock_tables(List *locks);
extern void lock_table(Oid relid, LOCKMODE mode);
extern void plan_and_lock(const LockedPlan *plan);
extern const char *print_lock(LOCKMODE mode);
extern int	begin_lock_timeout(void);
extern void wait_between_tries(void);
extern void add_lock(List **locks, List *held, Oid classid, Oid objid,
					 LOCKMODE mode);

/* ddl.c: steps -> quoted SQL text, and running it */
extern List *print_steps(const Model *model, List *steps);
extern List *print_create_table(const Model *model);
extern List *print_owner(const Model *model, Oid owner);
extern List *print_drop_tables(List *models);
extern char *print_set_zone(const Model *model, List *columns);
extern char *print_grant_usage(const char *schema_name, const char *role);
extern char *print_grant_view(Oid view, const char *role);
extern List *print_grants(const Model *model, const char *role);
extern List *print_view(const AdapterView *view, const Model *model,
						List *columns, const StoredView *replaced);
extern char *describe_table(const Model *model);
extern char *describe_view(const AdapterView *view);
extern char *print_rename_view_column(const AdapterView *view,
									  const char *name, const char *new_name);
extern char *print_column_default(const Model *model, const ColumnSpec *column);
extern char *print_view_default(const AdapterView *view, const char *name,
								const char *default_sql);
extern char *print_view_comment(const AdapterView *view, const char *name,
								const char *comment);
extern char *print_drop_view(const AdapterView *view);
extern char *print_revoke(Oid relid, const char *role);
extern char *print_fill(const Model *model, const ColumnSpec *column);
extern char *print_fill_blocks(Oid relid, const ColumnSpec *column,
							   BlockNumber first, BlockNumber end);
extern char *print_delete_expired(Oid relid, AttrNumber attnum);
extern char *print_not_null_check(const Model *model, const ColumnSpec *column,
								  const char *name, bool replaces);
extern char *print_validate(const Model *model, const char *name);
extern char *print_drop_index(const Model *model, const char *name);
extern char *print_create_schema(const char *schema_name, Oid owner);
extern char *print_schema_comment(const char *schema_name, const char *comment);
extern char *print_drop_schema(const char *schema_name);
extern char *print_shown(const char *quoted, Conversion conversion);
extern char *print_write_trigger(const AdapterView *view);
extern char *print_fill_trigger(const Model *model, const char *function);
extern char *print_drop_fill_trigger(const Model *model);
extern List *texts_of(List *statements);
extern void run_statements(List *texts, Oid owner);
extern void run_creating(List *texts, const Model *model);
extern Node *parse_statement(const char *sql);
extern void run_steps(const Model *model, List *statements);
extern void check_rewrite(Oid relid);
extern bool is_altering(Oid relid);

/* views.c: adapts the adapters' views to the models */
extern List *plan_view(const AdapterView *view, const Model *model,
					   List *columns, bool *creates);
extern List *find_former_views(const Adapter *adapter, const char *schema_name);
extern void check_view_owner(const AdapterView *view);
extern void add_view_locks(List **locks, List *held, List *views);
extern void check_view_dependents(const AdapterView *view);
extern void check_taken_views(List *views, List *steps);
extern void check_views(const Model *model, List *steps, List *columns);
extern void check_still_suits(const Model *model, const ColumnSpec *found,
							  const ColumnSpec *desired);
extern List *take_down_views(const Model *model, List *steps);
extern List *texts_of_taken(List *taken_down);
extern List *refresh_views(const Model *model, List *taken_down);
extern void plan_views(const Model *model, List *steps, List *columns,
					   List **before, List **after);
extern List *change_view(const AdapterView *view, const Model *model,
						 List *columns);

#endif							/* CHANGE_H */
