/*-------------------------------------------------------------------------
 *
 * nextauth.h
 *	  The types that every file shares, and what each file offers the others
 *
 * One way through: jsonb -> column_spec.c, model_spec.c -> plan.c (against
 * catalog.c) -> cost.c -> lock.c -> ddl.c -> catalog.c -> rows to the caller.
 * A file calls only itself and those declared above it here.  On top of them
 * are the functions callable from SQL: extend.c, grants.c, properties.c,
 * online.c, install.c, ids.c, adapters.c, adapter_columns.c, triggers.c,
 * merge.c, drop_guard.c, guard.c, describe.c and check.c.  rights.c decides
 * which code runs with whose rights.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NEXTAUTH_H
#define NEXTAUTH_H

#include "access/attnum.h"
#include "access/genam.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "parser/parse_node.h"
#include "storage/block.h"
#include "storage/lockdefs.h"
#include "utils/jsonb.h"
#include "utils/relcache.h"
#include "utils/snapshot.h"

#define NEXTAUTH_SCHEMA "nextauth"

/*
 * Names of the triggers that fill columns of a table, and that write through a
 * view
 */
#define FILL_TRIGGER "nextauth_fill"
#define WRITE_TRIGGER "nextauth_write"

/* The command, and the type of the process that does what it is to do */
#define ONLINE_COMMAND "extend_model_online"

/* What TypeORM does with a column by itself */
typedef enum ColumnRole
{
	ROLE_NONE,
	ROLE_CREATE_DATE,
	ROLE_UPDATE_DATE,
	ROLE_DELETE_DATE,
	ROLE_VERSION
} ColumnRole;

typedef enum ColumnGenerated
{
	GENERATED_NEVER,
	GENERATED_INCREMENT,		/* by a sequence of its own, as serial's */
	GENERATED_IDENTITY,
	GENERATED_UUID				/* type uuid, default gen_random_uuid() */
} ColumnGenerated;

/* Options for which it matters whether the definition gives them */
#define GIVES_LENGTH	0x01
#define GIVES_UNIQUE	0x02
#define GIVES_DEFAULT	0x04
#define GIVES_COMMENT	0x08
#define GIVES_FOREIGN_KEY	0x10
#define GIVES_PRIMARY	0x20

/*
 * Of these, the catalog records whether the definition or DDL by hand gave
 * them
 */
#define GIVES_REMEMBERED	(GIVES_COMMENT | GIVES_FOREIGN_KEY)

/* A foreign key: of one column in a definition, of any number in a table */
typedef struct ForeignKeySpec
{
	char	   *name;			/* NULL: as TypeORM names it */
	char	   *target;			/* model or table, as the author wrote it */
	List	   *column_names;	/* of char * */
	Oid			relid;			/* of the table that it refers to */
	char	   *schema_name;
	char	   *table_name;
	List	   *target_columns; /* of char * */
	char		on_update;		/* as in pg_constraint */
	char		on_delete;
	const char *deferrable;		/* NULL when it is not */
	bool		is_valid;
	bool		is_enforced;
} ForeignKeySpec;

/*
 * A column: as an author defines it, as the extension builds it in, or as the
 * table has it.  These three are compared with each other, so they share one
 * struct.
 */
typedef struct ColumnSpec
{
	char	   *property;		/* NULL in a column that nobody declared */
	char	   *column_name;
	bool		builtin;

	/* What PostgreSQL cannot hold */
	char	   *type_name;		/* TypeORM's, in the author's spelling */
	ColumnRole	role;
	bool		select;
	bool		insert;
	bool		update;
	bool		input;			/* the user whom it describes may set it */
	bool		is_filling;		/* some rows do not have the default yet */
	bool		of_adapter;		/* an adapter needs it */

	/* What PostgreSQL's own catalog holds */
	AttrNumber	attnum;			/* 0 when not in the table */
	Oid			type;			/* invalid for an enum that does not exist yet */
	int32		typmod;
	Oid			collation;
	bool		is_array;
	bool		nullable;
	char	   *unvalidated_not_null;	/* its constraint, if NOT VALID */
	bool		unique;
	bool		primary;
	ColumnGenerated generated;
	char	   *default_literal;	/* the author's, unless it is an
									 * expression */
	Node	   *default_expr;	/* NULL when there is none */
	char	   *default_sql;	/* the default as PostgreSQL prints it */
	Oid			sequence;		/* owned by the column, if any */
	char	   *as_expression;	/* of a computed column, as PostgreSQL prints
								 * it */
	char		generated_type; /* attgenerated: stored or virtual */
	ForeignKeySpec *foreign_key;
	char	   *comment;
	char	   *enum_name;		/* of the type, when it is an enum */
	bool		enum_name_implied;	/* the author gave no enumName */
	List	   *enum_labels;	/* of char * */

	int			gives;			/* GIVES_*: options that the definition gives */
} ColumnSpec;

/* Length, precision and scale of a type; -1 when absent */
typedef struct TypeModifiers
{
	int			length;
	int			precision;
	int			scale;
} TypeModifiers;

/* A key of an index: one of the two is NULL */
typedef struct IndexKey
{
	char	   *column_name;	/* a property until plan.c */
	char	   *expression;
} IndexKey;

/* An index: of a constraint, or a plain one */
typedef struct IndexSpec
{
	char	   *name;			/* NULL until plan.c: as TypeORM names it */
	bool		is_named;		/* the author named it */
	List	   *column_names;	/* of char *; properties until plan.c */
	List	   *keys;			/* of IndexKey; NIL: all keys are columns */
	List	   *expression_columns; /* of char *, that occur in its
									 * expressions */
	bool		is_primary;
	bool		is_unique;
	bool		is_constraint;
	bool		is_definable;	/* these fields define it completely */
	char	   *exclusion;		/* elements of an exclusion constraint */
	const char *deferrable;		/* NULL when it is not */
	char	   *where;			/* NULL when it covers all rows */
	List	   *where_columns;	/* of char *, that occur in it */

	/*
	 * No definition has these; an index that replaces another one keeps them
	 */
	Oid			relid;			/* invalid if there is no such index */
	bool		is_identity;	/* the table's replica identity */
	bool		nulls_not_distinct;
	List	   *included;		/* of char *, columns that a constraint
								 * includes */
	char	   *parameters;		/* as after WITH; NULL: none */
	char	   *tablespace;		/* NULL: the database's */
} IndexSpec;

typedef struct CheckSpec
{
	char	   *name;			/* NULL: as TypeORM names it */
	char	   *expression;
	List	   *column_names;	/* of char *, that occur in it */
	bool		is_valid;
	bool		is_enforced;
} CheckSpec;

/* A column of a foreign key, in any table */
typedef struct Reference
{
	Oid			constraint;
	char	   *name;
	bool		is_valid;
	Oid			relid;
	AttrNumber	attnum;
	Oid			target;			/* the table that it refers to */
	AttrNumber	target_attnum;
} Reference;

/* The parts of a model's definition that are not columns */
typedef struct ModelSpec
{
	List	   *indexes;		/* of IndexSpec */
	List	   *uniques;		/* of IndexSpec */
	List	   *checks;			/* of CheckSpec */
} ModelSpec;

/* A table as PostgreSQL knows it */
typedef struct Table
{
	List	   *columns;		/* of ColumnSpec */
	List	   *indexes;		/* of IndexSpec, all keys are columns */
	List	   *other_indexes;	/* of IndexSpec, on expressions, exclusions */
	List	   *indexed_columns;	/* of char *, columns of any index */
	List	   *rebuilt_columns;	/* of char *, columns of rebuilt indexes */
	List	   *invalid_indexes;	/* of char *, invalid after an interrupted
									 * build */
	List	   *foreign_keys;	/* of ForeignKeySpec */
	List	   *checks;			/* of CheckSpec */
	bool		is_extended;	/* triggers, rules, row security, children */
} Table;

/* The types that the ids of the models may have */
typedef enum IdType
{
	ID_INTEGER,
	ID_BIGINT,
	ID_UUID,
	ID_TEXT
} IdType;

typedef struct BuiltinColumn
{
	const char *property;
	const char *type_name;		/* NULL: the type of ids */
	int			flags;
	const char *description;	/* for model_columns.description */
} BuiltinColumn;

typedef struct BuiltinIndex
{
	const char *name;
	const char *property;
} BuiltinIndex;

typedef struct BuiltinModel
{
	const char *name;
	const char *table_name;
	const BuiltinColumn *columns;
	const BuiltinIndex *indexes;
	bool		optional;		/* install() does not create its table */
} BuiltinModel;

/* How an adapter's view shows a time; it shows NULL as NULL */
typedef enum Conversion
{
	AS_IT_IS,
	AS_UTC,						/* timestamp without time zone, of UTC */
	AS_MILLISECONDS,			/* since 1970, as varchar */
	AS_FLAG						/* boolean: is there a time? */
} Conversion;

typedef struct ConventionColumn
{
	const char *name;			/* in the view */
	const char *property;		/* of the model */
	Conversion	conversion;
} ConventionColumn;

typedef struct ConventionView
{
	const char *name;
	const char *model;
	const ConventionColumn *columns;
} ConventionView;

/* A column that an adapter needs and add_adapter() adds to a model */
typedef struct MissingColumn
{
	const char *model;
	const char *property;
	const char *type_name;
	bool		is_hidden;		/* select: false */
} MissingColumn;

typedef struct MissingIndex
{
	const char *model;
	const char *property;
} MissingIndex;

#define ADAPTER_READS_ALL		0x01	/* SELECT * */
#define ADAPTER_DELETES_USER	0x02	/* and expects rows that refer to them
										 * to go, too */
#define ADAPTER_NAMES_COLUMNS	0x04	/* names custom columns as the table
										 * does */
#define ADAPTER_TIMES_ARE_UTC	0x08	/* times of custom columns, too */

typedef struct Adapter
{
	const char *name;
	const char *schema;			/* unless another one is given */
	const ConventionView *views;
	const MissingColumn *columns;
	const MissingIndex *indexes;
	int			id_types;
	int			flags;			/* ADAPTER_* */
} Adapter;

/* A column of an adapter's view */
typedef struct ViewColumn
{
	const char *name;			/* in the view */
	const char *property;		/* of the model */
	const ColumnSpec *column;	/* of the table; NULL if it has none yet */
	Conversion	conversion;
	bool		is_custom;		/* added by the application */
} ViewColumn;

/* One of the views that an adapter has in a schema */
typedef struct AdapterView
{
	const Adapter *adapter;
	const ConventionView *convention;
	char	   *schema_name;
	Oid			relid;			/* invalid when there is none */
	Oid			owner;			/* of the existing view */
	bool		is_taken;		/* another object has its name */
	bool		is_foreign;		/* its owner is not trusted */
} AdapterView;

/* A schema and the adapter whose views are in it */
typedef struct AdapterSchema
{
	const Adapter *adapter;
	char	   *schema_name;
	Oid			schema;			/* invalid when there is none */
} AdapterSchema;

/* A view as PostgreSQL knows it */
typedef struct StoredView
{
	Oid			owner;
	Oid			table;			/* the table of which it shows all rows, or
								 * invalid */
	bool		is_invoker;		/* security_invoker */
	char	   *options;		/* options including security_invoker, as
								 * after WITH */
	bool		has_trigger;	/* has WRITE_TRIGGER */
	List	   *columns;		/* of StoredColumn */
} StoredView;

typedef struct StoredColumn
{
	char	   *name;
	AttrNumber	attnum;			/* of the table's column */
	Conversion	conversion;

	/* Of the view's own column, once read_view_settings() has read them */
	char	   *default_sql;
	char	   *comment;
} StoredColumn;

/* An object that should not be in schema nextauth, and how to remove it */
typedef struct Stranger
{
	char	   *finding;
	char	   *remedy;
} Stranger;

typedef struct ViewGrant
{
	char	   *column_name;	/* NULL: on the whole view */
	char	   *role;			/* quoted */
	char	   *sql;			/* the GRANT statement that restores it */
} ViewGrant;

/* A model and the table that holds it now */
typedef struct Model
{
	const BuiltinModel *builtin;	/* NULL if the table is no model's */
	Oid			relid;			/* invalid when there is none */
	Oid			owner;
	Oid			schema;
	char	   *schema_name;
	char	   *table_name;
	IdType		id_type;		/* of its own ids */
	IdType		user_id_type;	/* of columns that refer to users */
	List	   *not_unique;		/* of char *, built-in unique properties that
								 * are not */
	bool		hides_rows;		/* from the user, who may only call for a plan */
	bool		asks_nothing;	/* does not query rows, as this would run code
								 * as the owner */
} Model;

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
	STEP_DROP_TYPE
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
	const char *name;			/* name of a dropped or renamed object; a
								 * label; SQL */
	const char *new_name;		/* new name; a definition; a comment */
	const char *next_label;		/* label before which a new one is added, or
								 * NULL */
	const IndexSpec *replaced;	/* the index that is replaced */
	bool		by_index;		/* UNIQUE constraint uses an existing index */
	bool		of_options;		/* the model's options define it */
	bool		not_valid;		/* existing rows are checked later */
	bool		checks_rows;	/* checks each row against a domain's
								 * constraints */
	bool		concurrently;	/* CONCURRENTLY, outside a transaction */
} Step;

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
	StepCost	cost;			/* of the plan made before the lock */
} Extension;

typedef struct ObjectLock
{
	Oid			objid;
	Oid			classid;		/* invalid if it is a table or view */
	LOCKMODE	mode;
	bool		is_view;		/* lock.c sets it */
} ObjectLock;

/* A dropped column of a model, or with NULL its dropped table */
typedef struct DroppedObject
{
	char	   *model;
	char	   *column_name;
	bool		counts;			/* false: the row of the catalog did not count */
} DroppedObject;

/* The extension's own tables */
typedef enum CatalogTable
{
	CATALOG_MODEL,
	CATALOG_CUSTOM_COLUMN,
	CATALOG_MODEL_CHANGE,
	CATALOG_ADAPTER
} CatalogTable;

#define MAX_CATALOG_COLUMNS 7

/* More models are not built in */
#define MAX_MODELS 8

/*
 * Attribute numbers of these tables' columns in nextauth.sql; vouched is the
 * last
 */
#define MODEL_NAME		1
#define MODEL_RELATION	2
#define MODEL_NOT_UNIQUE	3
#define MODEL_VOUCHED	4

#define COLUMN_MODEL	1
#define COLUMN_PROPERTY 2
#define COLUMN_NAME		3
#define COLUMN_TYPE		4
#define COLUMN_OPTIONS	5
#define COLUMN_TABLE	6
#define COLUMN_VOUCHED	7

#define CHANGE_MODEL	1
#define CHANGE_VERSION	2
#define CHANGE_ACTION	5
#define CHANGE_CHANGES	6
#define CHANGE_COLUMNS	7

#define ADAPTER_SCHEMA	1
#define ADAPTER_NAME	2
#define ADAPTER_VOUCHED 3

/* A scan of one of these tables, for reading or writing */
typedef struct CatalogRows
{
	Relation	relation;		/* NULL if there is none */
	Relation	index;			/* NULL if all rows are read */
	Snapshot	snapshot;
	SysScanDesc scan;
} CatalogRows;

/* A row that does not count, for messages */
typedef struct ForgedRow
{
	const char *table;
	char	   *condition;		/* WHERE condition that finds the row */
} ForgedRow;

/* The user to switch back to */
typedef struct SavedUser
{
	Oid			id;
	int			context;
	int			nest;			/* of settings; 0 if nothing was changed */
} SavedUser;

/* What a call is doing, as the view progress has it */
typedef enum Phase
{
	PHASE_NONE,
	PHASE_PLANNING,
	PHASE_WAITING,				/* for another call's turn */
	PHASE_LOCKING,
	PHASE_CHECKING,				/* whether rows allow a change */
	PHASE_READING,				/* under a lock, by a statement */
	PHASE_REWRITING,
	PHASE_REBUILDING,			/* indexes, after rewriting */
	PHASE_FILLING,
	PHASE_BUILDING,				/* an index */
	PHASE_VALIDATING
} Phase;

/* module.c: settings */
extern bool protects_columns(void);
extern bool protects_tables(void);
extern bool nextauth_allow_rewrite;
extern int	nextauth_max_scan_rows;
extern int	nextauth_lock_timeout;
extern int	nextauth_lock_retries;
extern int	nextauth_lock_retry_delay;
extern int	nextauth_batch_rows;
extern int	nextauth_progress_interval;
extern int	nextauth_id_type;
extern void check_id_type_setting(void);
extern bool parse_id_type(const char *name, IdType *id_type);

/* progress.c: what a running call is doing, for others to see */
extern void begin_progress(const char *command);
extern void continue_progress(void);
extern void end_progress(void);
extern void report_phase(Phase phase, Oid relid, AttrNumber attnum);
extern void report_rows(int64 done, int64 total);
extern void report_blocks(int64 done, int64 total);
extern void resume_progress(void);
extern char *describe_progress(int pid);

/* subtransaction.c: work that may fail, or is rolled back */
extern void look(void (*work) (void *), void *argument);
extern Datum look_for_result(PGFunction function, FunctionCallInfo fcinfo);
extern void report_concurrent_change(ErrorData *error);
extern ErrorData *run_in_subtransaction(void (*work) (void *), void *argument,
										bool keep);

/*
 * Are the names the same?  Most names in a search differ in their first
 * letter, which saves the call.
 */
static inline bool
same_name(const char *a, const char *b)
{
	return a[0] == b[0] && strcmp(a, b) == 0;
}

/*
 * Are both strings the same, or both NULL?
 */
static inline bool
same_string(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* naming.c: property -> column, type and constraint names */
extern char *name_column(const char *property);
extern char *name_property(const char *column_name);
extern char *name_enum(const char *table_name, const char *column_name);
extern char *name_sequence(const char *table_name, const char *column_name);
extern char *name_constraint(const char *prefix, const char *table_name,
							 List *column_names);
extern char *name_index(const char *table_name, List *column_names,
						const char *where);
extern char *name_check(const char *table_name, const char *expression);
extern char *name_build(const char *index_name);
extern bool is_build_name(const char *index_name);
extern void check_name(const char *what, const char *name);
extern int	compare_names(const ListCell *a, const ListCell *b);
extern bool equal_names(List *a, List *b);
extern bool is_member(List *names, const char *name);
extern char *join_names(List *names);
extern bool split_qualified_name(const char *qualified, char **schema_name,
								 char **name);
extern char *name_of_relation(Oid relid);
extern char *name_of_schema(Oid schema);
extern char *quote_table(const Model *model);

/* privilege.c: privileges of a table's owner, as whom the table is altered */
extern void check_owner_usage(const Model *model);
extern void check_usage(Oid classid, Oid object, Oid role);
extern void check_create(Oid schema, Oid role);
extern void check_expression_rights(Node *expression, Oid role);
extern void report_no_privilege(const char *object, Oid role,
								const char *privilege);
extern bool is_taken_from(Oid role, Oid owner);
extern Oid	database_owner(void);
extern Oid	schema_owner(Oid schema);
extern Oid	owner_of_collation(Oid collation);
extern char *name_of_collation(Oid collation);
extern void check_collation_usage(Oid collation, Oid role);
extern Oid	owner_of_relation(Oid relid);

/* types.c: TypeORM's type vocabulary -> PostgreSQL types, and back */
extern bool is_enum_type(const ColumnSpec *column);
extern bool is_number_type(Oid type);
extern void resolve_type(ColumnSpec *column, const TypeModifiers *modifiers);
extern Oid	find_enum_type(const Model *model, const char *name);
extern void resolve_enum_type(ColumnSpec *column, const Model *model);
extern List *enum_labels(Oid type);
extern char *print_type_name(const Model *model, const ColumnSpec *column);
extern bool is_citext(Oid type);
extern Oid	namespace_of_type(Oid type);
extern Oid	owner_of_type(Oid type);
extern void check_named_type(const ColumnSpec *column, const Model *model);
extern void check_type_usage(const ColumnSpec *column, Oid role);
extern bool same_family(Oid type, Oid other);
extern bool same_meaning(const char *type_name, const char *other);
extern char *name_of_type(Oid type);
extern Oid	element_type(const ColumnSpec *column);
extern const char *describe_type(const ColumnSpec *column);
extern const char *name_in_definition(const ColumnSpec *column);
extern const ColumnSpec *without_domain(const ColumnSpec *column);
extern TypeModifiers type_modifiers(const ColumnSpec *column);
extern bool has_default_length(const ColumnSpec *column);
extern char array_delimiter(const ColumnSpec *column);
extern bool is_time_type(Oid type);

/* column.c: ColumnSpecs: make, find and compare them */
extern ColumnSpec *make_column(const char *property);
extern ColumnSpec *find_column(List *columns, const char *column_name);
extern ColumnSpec *find_property(List *columns, const char *property);
extern const char *role_option(ColumnRole role);
extern bool same_declaration(const ColumnSpec *a, const ColumnSpec *b);
extern char *find_differences(const ColumnSpec *desired,
							  const ColumnSpec *actual);
extern char *describe_changes(const ColumnSpec *desired,
							  const ColumnSpec *actual);
extern char *describe_declaration(const ColumnSpec *desired,
								  const ColumnSpec *declared);
extern bool same_foreign_key(const ForeignKeySpec *desired,
							 const ForeignKeySpec *actual);
extern const char *print_action(char action);
extern const char *print_type(const ColumnSpec *column);
extern char *check_builtin_column(const ColumnSpec *desired,
								  const Table *table, bool exactly);
extern bool is_unique_column(const Table *table, const char *column_name);
extern List *print_keys(const IndexSpec *index);
extern bool uses_column(const IndexSpec *index, const char *column_name);
extern bool same_keys(const IndexSpec *a, const IndexSpec *b);

/* expression.c: column defaults, as PostgreSQL stores them */
extern void check_json_literal(const ColumnSpec *column, const char *literal);
extern void set_default_literal(ColumnSpec *column, const char *literal);
extern void set_default_expression(ColumnSpec *column, const char *expression);
extern void set_default_node(ColumnSpec *column, Node *expression);
extern char *constant_default(const ColumnSpec *column);
extern char *print_table_expression(const Model *model, List *columns,
									const char *expression,
									const ColumnSpec *generated,
									ParseExprKind kind, const char *what,
									const char *name, List **column_names);
extern List *names_in_expression(Node *expression, TupleDesc tupdesc);
extern char *print_stored_expression(Relation relation,
									 const char *node_string);
extern bool is_of_columns(Node *expression);
extern char *print_stored_node(Relation relation, Node *expression);

/* builtin.c: the built-in models, as tables of data */
extern const BuiltinModel builtin_models[];
extern const BuiltinModel *lookup_builtin_model(const char *name);
extern const BuiltinModel *find_builtin_model(const char *name);
extern const char *describe_property(const BuiltinModel *model,
									 const char *property);
extern bool is_builtin_property(const BuiltinModel *model, const char *property);
extern bool is_builtin_index(const BuiltinModel *model, List *not_unique,
							 const IndexSpec *index, List *indexes);
extern bool may_repeat(const BuiltinModel *model, const char *property);
extern bool may_be_citext(const BuiltinModel *model, const char *property);
extern List *builtin_columns(const Model *model);
extern const char *print_id_type(IdType id_type);
extern const char *id_type_name(IdType id_type);
extern bool find_id_type(Oid type, IdType *id_type);
extern bool read_id_type(Oid relid, const char *column_name, IdType *id_type);

/* conventions.c: each adapter's names for the models, as tables of data */
extern const Adapter adapters[];
extern const Adapter *lookup_adapter(const char *name);
extern const Adapter *find_adapter(const char *name);
extern bool adapter_takes_ids(const Adapter *adapter, IdType id_type);
extern const char *uuid_declaration(const Adapter *adapter);
extern void report_uuid_declaration(const Adapter *adapter);
extern char *join_adapters(const IdType *id_type);
extern List *former_views_of(const Adapter *adapter);
extern bool is_optional_id(const ConventionView *view, const char *property);
extern const MissingColumn *find_missing(const Adapter *adapter,
										 const Model *model,
										 const char *property);
extern bool suits_adapter(const MissingColumn *missing, const ColumnSpec *column);
extern char *describe_missing(const MissingColumn *missing);
extern List *find_zoneless_times(const Adapter *adapter, const Model *model,
								 List *columns);
extern const char *fill_function_of(const Model *model);
extern List *make_view_columns(const Adapter *adapter,
							   const ConventionView *view, List *columns);

/* column_spec.c: jsonb -> ColumnSpec */
extern List *parse_columns(const Model *model, JsonbContainer *columns);
extern void check_deferrable(const char *deferrable);

/* model_spec.c: jsonb -> ModelSpec */
extern ModelSpec *parse_model_options(const Model *model,
									  JsonbContainer *options,
									  bool with_columns);

/* relation.c: a table as PostgreSQL's own catalog describes it */
extern Table *read_table(Oid relid);
extern int	count_columns(Oid relid, int *dropped);
extern bool has_rows(Oid relid);
extern bool has_settings(Oid relid, const char *comment);
extern bool is_altered_with(Oid relid, Oid ancestor);
extern int64 count_rows(Oid relid);
extern void read_size(Oid relid, BlockNumber *blocks, int64 *rows);
extern List *find_dependents(Oid relid, AttrNumber attnum, List *dropped,
							 bool with_indexes, List *ignored_views);
extern const char *find_foreign_code(Oid relid, Oid role);
extern List *find_referring_tables(Oid relid, AttrNumber attnum);
extern List *find_type_users(Oid relid, AttrNumber attnum, List *ignored_views);
extern StoredView *read_view(Oid relid);
extern void read_view_settings(Oid relid, StoredView *view);
extern bool has_trigger(Oid relid, const char *name);
extern List *find_view_dependents(Oid relid);
extern List *read_grants(Oid relid);
extern List *find_strangers(List *owners);
extern List *find_tables_in(const char *schema_name);
extern List *find_enums_in(const char *schema_name);
extern List *find_indexes(Oid relid, AttrNumber attnum);
extern List *print_index_statistics(Oid index);
extern List *print_index_settings(Oid index, bool is_constraint);
extern List *print_column_settings(Oid relid, AttrNumber attnum, bool is_stored,
								   bool is_toastable);
extern List *print_labels(Oid relid, AttrNumber attnum);
extern List *find_expression_users(Oid relid, AttrNumber attnum,
								   List *heirs);
extern List *read_references(void);
extern char *print_constraint(Oid constraint);
extern bool is_own_enum_type(const Model *model, const ColumnSpec *column,
							 List *ignored_views);
extern bool is_proven_not_null(Oid relid, const ColumnSpec *column);

/* catalog_table.c: the extension's own tables, row by row */
extern bool has_catalog(void);
extern bool is_own_table(Oid relid);
extern bool find_catalog_table(Relation relation, CatalogTable *table);
extern char *installed_version(void);
extern Oid	catalog_owner(void);
extern void begin_rows(CatalogRows *rows, CatalogTable table, const char *key,
					   bool fresh);
extern List *peek_column(CatalogTable table, AttrNumber attnum, Oid type);
extern HeapTuple next_row(CatalogRows *rows);
extern Datum row_value(const CatalogRows *rows, HeapTuple row, AttrNumber attnum);
extern char *row_text(const CatalogRows *rows, HeapTuple row, AttrNumber attnum);
extern void end_rows(CatalogRows *rows);
extern void begin_writing(CatalogRows *rows, CatalogTable table, const char *key);
extern void insert_row(CatalogTable table, Datum *values);
extern void update_row(const CatalogRows *rows, HeapTuple row, Datum *values,
					   bool *replaces);
extern void delete_row(const CatalogRows *rows, HeapTuple row);

/* catalog.c: the contents of these tables */
extern bool is_model_table(Oid relid);
extern Model *read_model(const char *name, bool fresh);
extern Model *find_model(Oid relid);
extern bool has_locked_models(void);
extern List *find_altered_models(Oid relid);
extern void check_model_table(const Model *model);
extern void check_model_owner(const Model *model);
extern bool has_custom_columns(const Model *model);
extern List *read_model_columns(const Model *model, List *actual, bool fresh);
extern List *read_forged_rows(void);
extern List *read_dropped(void);
extern List *read_altered(void);
extern void write_model(const char *name, Oid relid);
extern void write_not_unique(const Model *model, List *properties);
extern void delete_model(const char *name);
extern void write_custom_columns(const Model *model, List *columns);
extern void rename_custom_column(const Model *model, const char *column_name,
								 const char *new_name);
extern void delete_custom_column(const Model *model, const char *column_name);
extern void rename_custom_property(const Model *model, const char *property,
								   const char *new_property);
extern void append_change(StringInfo buf, const char *what,
						  const char *happened);
extern void write_change(const char *model, const char *action,
						 const char *changes, List *statements);
extern List *read_adapter_schemas(void);
extern List *find_adapter_views(const Model *model);
extern List *view_oids(List *views);
extern void write_adapter(const char *schema_name, const char *adapter);
extern void delete_adapter(const char *schema_name);
extern void rename_adapter(const char *schema_name, const char *new_name);
extern bool is_mentioned_schema(const char *schema_name);
extern bool has_lost_schemas(void);
extern void forget_dropped_schemas(void);
extern int64 read_version(const char *model);
extern int64 next_version(const char *model);
extern List *read_changes(const char *model, int64 version);
extern bool vouches_for_row(const CatalogRows *rows, HeapTuple row);

/* rights.c: switches to the role whose rights a task needs */
extern void begin_owner(SavedUser *saved, Oid owner);
extern bool needs_owner(Oid owner);
extern void begin_catalog_owner(SavedUser *saved);
extern void end_user(const SavedUser *saved);
extern int	pin_search_path(void);
extern Oid	creator_of(const Model *model);
extern void check_creator(const Model *model);
extern void check_surroundings(const Model *model);
extern bool may_see_rows(const Model *model);
extern bool may_read(Oid relid, Oid role);
extern bool sees_all_rows(const Model *model);

/* cost.c: the cost of steps; refuses steps that cost too much or lose data */
extern Step *make_step(StepKind kind, ColumnSpec *column);
extern Step *make_unique_step(const Model *model, ColumnSpec *column);
extern bool fits_without_cast(const ColumnSpec *column, const ColumnSpec *from);
extern char *print_cast(const ColumnSpec *column, const ColumnSpec *from,
						const char *quoted);
extern int64 count_label(const Model *model, const ColumnSpec *column,
						 const char *label);
extern int64 count_strange_uuids(const Model *model, const ColumnSpec *column);
extern int64 query_number(Oid role, const char *query);
extern int64 count_nulls(const Model *model, const ColumnSpec *column);
extern int64 count_values(const Model *model, const ColumnSpec *column);
extern void set_cost(const Model *model, const Table *table, Step *step);
extern bool is_online(const Step *step);
extern bool is_filled_later(const Step *step);
extern StepCost highest_cost(List *steps);
extern void check_cost(const Model *model, List *steps, int elevel);
extern void check_sees_all(const Model *model, const ColumnSpec *column,
						   int elevel);
extern void check_data(const Model *model, List *steps, bool locked,
					   int elevel);

/* plan.c: compares desired with actual columns -> steps */
extern ModelPlan *make_plan(const Model *model, List *desired,
							const ModelSpec *spec, const Table *table,
							List *actual, bool online);
extern void report_lost_identity(const Model *model, const IndexSpec *index);

/* lock.c: takes locks without making others wait for long */
extern void lock_tables(List *locks);
extern const char *print_lock(LOCKMODE mode);
extern int	begin_lock_timeout(void);
extern void wait_between_tries(void);

/* ddl.c: steps -> quoted SQL text; runs it */
extern LOCKMODE lock_of(const Step *step);
extern bool makes_object(const Step *step);
extern char *quote_relation(Oid relid);
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
extern char *print_revoke(const AdapterView *view, const char *role);
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

/* adopt.c: decides which existing table may hold a model */
extern Oid	find_present_table(const BuiltinModel *builtin, Oid schema);
extern void check_names_free(const BuiltinModel *builtin, Oid schema);
extern IdType choose_id_type(Oid schema);
extern void adopt_table(Model *model, Oid relid);
extern void adopt_if_missing(const char *name);
extern void put_under_management(Model *model, Oid relid);
extern void record_relation(const char *model, const char *action, Oid relid);
extern void check_may_hold(const Model *model);
extern void check_adoptable(const Model *model, Oid relid, bool exactly);
extern bool is_trusted_owner(Oid role);

/* extend.c: extends models as defined */
extern Extension *get_extension(FunctionCallInfo fcinfo);
extern Jsonb *get_jsonb(FunctionCallInfo fcinfo, int argument);
extern Oid	type_of_argument(FunctionCallInfo fcinfo, int argument);
extern const char *print_planned_action(ColumnAction action);
extern void plan_extension(Extension *extension);
extern void check_foreign_key_target(const ForeignKeySpec *foreign_key,
									 Oid owner);
extern void add_lock(List **locks, List *held, Oid classid, Oid objid,
					 LOCKMODE mode);
extern List *required_locks(const Extension *extension, List *steps,
							List *held);
extern void extend_all(List *extensions, const char *verb);
extern void put_statement(FunctionCallInfo fcinfo, int step,
						  const Statement *statement, int64 rows,
						  const Model *model);
extern void put_text(FunctionCallInfo fcinfo, int step, const char *sql);
extern void plan_unlocked(Extension *extension);

/* online.c: the background worker of extend_model_online() */
extern PGDLLEXPORT void nextauth_online_main(Datum handle);

/* install.c: creates, adopts and removes the built-in tables */
extern bool is_restore(void);
extern Oid	install_model(const char *name);
extern void uninstall_pristine(Oid schema);

/* drop_guard.c: keeps tables that have rows from being dropped */
extern void install_drop_hooks(void);
extern void begin_guarded_drop(void);
extern void guard_primary_key(const AlterTableStmt *statement,
							  const char *constraint_name);
extern void report_guarded_table(Oid relid, const char *model,
								 const char *detail);

/* describe.c: models -> EntitySchema */
extern char *describe_definition(const Model *model, const ColumnSpec *column);
extern char *describe_default(const ColumnSpec *column);
extern bool has_own_default(const ColumnSpec *column, const ColumnSpec *built);

#endif							/* NEXTAUTH_H */
