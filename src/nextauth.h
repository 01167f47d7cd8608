/*-------------------------------------------------------------------------
 *
 * nextauth.h
 *	  What every file shares
 *
 * The folders are layers.  A folder calls only those above it here, and itself;
 * within a folder, a file calls only those above it in the folder's header.
 *
 *	  (here)		settings, subtransactions, names, progress, privileges
 *	  model/		what a model, a column and a type are
 *	  catalog/		what is there, and as whom it is changed
 *	  describe/		what a model is, in other languages
 *	  declare/		what an author said
 *	  change/		what is there against what was said, and the change
 *	  triggers/		what runs for a row
 *	  methods/		what applications call: the methods of an adapter
 *	  commands/		what SQL calls
 *
 *-------------------------------------------------------------------------
 */
#ifndef NEXTAUTH_H
#define NEXTAUTH_H

#include "access/attnum.h"
#include "access/genam.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/execnodes.h"
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

/* The commands that delete expired rows */
#define PURGE_COMMAND	"purge_expired"
#define DELETE_COMMAND	"delete_expired"

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
#define GIVES_NULLABLE	0x40
#define GIVES_UPDATE	0x80

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
 * A column: as an author defines it, as the model's definition has it, or as the
 * table has it.  These three are compared with each other, so they share one
 * struct.
 */
typedef struct ColumnSpec
{
	char	   *property;		/* NULL in a column that nobody declared */
	char	   *column_name;
	bool		builtin;		/* it is the model's definition that has it */

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

/* A key of an index: a column or an expression */
typedef struct IndexKey
{
	char	   *property;		/* by which a definition names the column */
	char	   *column_name;	/* NULL: an expression */
	char	   *expression;
} IndexKey;

/* An index: of a constraint, or a plain one */
typedef struct IndexSpec
{
	char	   *name;			/* NULL until resolve.c: as TypeORM names it */
	bool		is_named;		/* the author named it */
	List	   *properties;		/* of char *, as a definition has them */
	List	   *column_names;	/* of char * */
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

/* The types that the ids of the models may have, which are rows of id_type.c */
typedef enum IdType
{
	ID_INTEGER,
	ID_BIGINT,
	ID_UUID,
	ID_TEXT,
	ID_TYPE_COUNT
} IdType;

typedef struct ModelDefinition ModelDefinition;

/* A model and the table that holds it now */
typedef struct Model
{
	const ModelDefinition *definition;	/* NULL if the table is no model's */
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
	PHASE_VALIDATING,
	PHASE_DELETING,
	PHASE_SURVEYING,			/* keys of rows to import */
	PHASE_CONVERTING,
	PHASE_INSERTING
} Phase;

/* settings.c: the settings */
extern bool nextauth_allow_rewrite;
extern int	nextauth_max_scan_rows;
extern int	nextauth_lock_timeout;
extern int	nextauth_lock_retries;
extern int	nextauth_lock_retry_delay;
extern int	nextauth_batch_rows;
extern int	nextauth_progress_interval;
extern bool protects_columns(void);
extern bool protects_tables(void);
extern void define_settings(void);

/* progress.c: what a running call is doing: publishes it, and shows what others do */
extern void begin_progress(const char *command);
extern void continue_progress(void);
extern void end_progress(void);
extern void report_phase(Phase phase, Oid relid, AttrNumber attnum);
extern void report_rows(int64 done, int64 total);
extern void report_blocks(int64 done, int64 total);
extern void resume_progress(void);
extern char *describe_progress(int pid);

/* subtransaction.c: work that may fail, or that leaves nothing behind */
extern void look(void (*work) (void *), void *argument);
extern void look_again(void (*work) (void *), void *argument);
extern Datum look_for_result(PGFunction function, FunctionCallInfo fcinfo);
extern void report_concurrent_change(ErrorData *error);
extern ErrorData *run_in_subtransaction(void (*work) (void *), void *argument,
										bool keep);

/* arguments.c: the arguments of functions that SQL calls, and the rows that they return */
extern char *get_text(FunctionCallInfo fcinfo, int argument, const char *name);
extern Jsonb *get_jsonb(FunctionCallInfo fcinfo, int argument);
extern Oid	type_of_argument(FunctionCallInfo fcinfo, int argument);
extern Jsonb *parse_jsonb(const char *text);
extern void put_texts(ReturnSetInfo *rsinfo, const char *const *texts);

/* names.c: names of what is there, and lists of names */
extern int	compare_names(const ListCell *a, const ListCell *b);
extern bool equal_names(List *a, List *b);
extern bool is_member(List *names, const char *name);
extern char *join_names(List *names);
extern bool split_qualified_name(const char *qualified, char **schema_name,
								 char **name);
extern char *name_of_relation(Oid relid);
extern char *name_of_schema(Oid schema);
extern char *name_with_schema(const Model *model);
extern char *quote_table(const Model *model);
extern char *quote_relation(Oid relid);

/* privilege.c: the privileges that a table's owner needs, as whom the table is altered */
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
extern bool owns_relation(Oid relid);

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

#endif							/* NEXTAUTH_H */
