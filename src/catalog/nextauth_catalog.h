/*-------------------------------------------------------------------------
 *
 * nextauth_catalog.h
 *	  What is there: PostgreSQL's catalog and the extension's own
 *
 * PostgreSQL has a catalog/catalog.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NEXTAUTH_CATALOG_H
#define NEXTAUTH_CATALOG_H

#include "model/model.h"

/* Makes what the caller wants of a row of a query's result; NULL: nothing */
typedef void *(*RowReader) (HeapTuple row, TupleDesc columns);

/* Which of the objects that depend on a column to find */
typedef enum IndexDependents
{
	WITHOUT_INDEXES,
	WITH_INDEXES
} IndexDependents;

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

/*
 * Which rows to read: DDL sees the newest rows of PostgreSQL's own catalog, and
 * the two must agree; a query reads those of its snapshot.
 */
typedef enum Freshness
{
	ROWS_OF_QUERY,
	NEWEST_ROWS
} Freshness;

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

/* query.c: what a query of PostgreSQL's catalog finds */
extern List *query_rows(const char *query, int nargs, Oid *types, Datum *values,
						RowReader read);
extern List *query_texts(const char *query, int nargs, Oid *types, Datum *values);
extern List *query_column(const char *query, Oid relid, AttrNumber attnum,
						  List *ignored);
extern List *query_oids(const char *query, int nargs, Oid *types, Datum *values);
extern Datum make_oid_array(List *oids);

/* schema.c: what is in a schema */
extern List *find_strangers(List *owners);
extern List *find_tables_in(const char *schema_name);
extern List *find_enums_in(const char *schema_name);

/* size.c: how many rows, blocks and columns a table has */
extern int	count_columns(Oid relid, int *dropped);
extern bool has_rows(Oid relid);
extern int64 count_rows(Oid relid);
extern void read_size(Oid relid, BlockNumber *blocks, int64 *rows);
extern Relation open_table(Oid relid);

/* relation.c: A model's table as PostgreSQL's own catalog describes it */
extern Table *read_table(Oid relid);
extern bool has_settings(Oid relid, const char *comment);
extern bool is_altered_with(Oid relid, Oid ancestor);
extern char *print_constraint(Oid constraint);
extern bool is_own_enum_type(const Model *model, const ColumnSpec *column,
							 List *ignored_views);
extern bool is_proven_not_null(Oid relid, const ColumnSpec *column);
extern char **read_comments(Relation relation);

/* dependents.c: what depends on a table or column, or refers to it, and what makes it again */
extern List *find_dependents(Oid relid, AttrNumber attnum, List *dropped,
							 IndexDependents indexes, List *ignored_views);
extern const char *find_foreign_code(Oid relid, Oid role);
extern List *find_referring_tables(Oid relid, AttrNumber attnum);
extern List *find_type_users(Oid relid, AttrNumber attnum, List *ignored_views);
extern List *find_indexes(Oid relid, AttrNumber attnum);
extern List *print_index_statistics(Oid index);
extern List *print_index_settings(Oid index, bool is_constraint);
extern List *print_column_settings(Oid relid, AttrNumber attnum, bool is_stored,
								   bool is_toastable);
extern List *print_labels(Oid relid, AttrNumber attnum);
extern List *find_expression_users(Oid relid, AttrNumber attnum,
								   List *heirs);
extern List *read_references(void);

/* stored_view.c: what PostgreSQL's catalog says of an adapter's view */
extern StoredView *read_view(Oid relid);
extern void read_view_settings(Oid relid, StoredView *view);
extern bool has_trigger(Oid relid, const char *name);
extern List *find_view_dependents(Oid relid);
extern List *read_grants(Oid relid);

/* catalog_table.c: the extension's own tables, row by row */
extern bool has_catalog(void);
extern bool is_own_table(Oid relid);
extern bool find_catalog_table(Relation relation, CatalogTable *table);
extern char *installed_version(void);
extern Oid	catalog_owner(void);
extern void begin_rows(CatalogRows *rows, CatalogTable table, const char *key,
					   Freshness freshness);
extern List *peek_column(CatalogTable table, AttrNumber attnum, Oid type);
extern HeapTuple next_row(CatalogRows *rows);
extern Datum row_value(const CatalogRows *rows, HeapTuple row, AttrNumber attnum);
extern char *row_text(const CatalogRows *rows, HeapTuple row, AttrNumber attnum);
extern char *row_name(const CatalogRows *rows, HeapTuple row, AttrNumber attnum);
extern void end_rows(CatalogRows *rows);
extern void begin_writing(CatalogRows *rows, CatalogTable table, const char *key);
extern void insert_row(CatalogTable table, Datum *values);
extern void update_row(const CatalogRows *rows, HeapTuple row, Datum *values,
					   bool *replaces);
extern void delete_row(const CatalogRows *rows, HeapTuple row);

/* rights.c: switches to the role whose rights a task needs */
extern void begin_owner(SavedUser *saved, Oid owner);
extern bool needs_owner(Oid owner);
extern void begin_catalog_owner(SavedUser *saved);
extern void end_user(const SavedUser *saved);
extern int	pin_search_path(void);
extern Oid	creator_of(const Model *model);
extern void check_creator(const Model *model);
extern void check_surroundings(const Model *model);
extern void check_schema_owner(Oid relid);
extern bool may_see_rows(const Model *model);
extern bool may_read(Oid relid, Oid role);
extern bool sees_all_rows(const Model *model);

/* catalog.c: reads and writes the extension's own tables: model, custom_column, */
extern bool is_model_table(Oid relid);
extern Model *read_model(const char *name, Freshness freshness);
extern Model *read_users(Freshness freshness);
extern Model *find_model(Oid relid);
extern bool has_locked_models(void);
extern List *find_altered_models(Oid relid);
extern void check_model_table(const Model *model);
extern void check_model_owner(const Model *model);
extern bool has_custom_columns(const Model *model);
extern List *read_model_columns(const Model *model, List *actual, Freshness freshness);
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
extern void set_id_types(Model *model, Oid users);
extern Datum make_texts(List *texts);

/* vouch.c: which rows of the catalog count */
extern bool vouches_for_row(const CatalogRows *rows, HeapTuple row);

/* history.c: changes of models, as the catalog keeps them */
extern void append_change(StringInfo buf, const char *what,
						  const char *happened);
extern void write_change(const char *model, const char *action,
						 const char *changes, List *statements);
extern int64 read_version(const char *model);
extern int64 next_version(const char *model);
extern List *read_changes(const char *model, int64 version);

/* adapter_schemas.c: the schemas of the adapters' views, as the catalog keeps them */
extern List *read_adapter_schemas(void);
extern AdapterSchema *find_adapter_schema(const char *schema_name);
extern List *find_adapter_views(const Model *model);
extern List *view_oids(List *views);
extern void write_adapter(const char *schema_name, const char *adapter);
extern void delete_adapter(const char *schema_name);
extern void rename_adapter(const char *schema_name, const char *new_name);
extern bool is_mentioned_schema(const char *schema_name);
extern bool has_lost_schemas(void);
extern void forget_dropped_schemas(void);

#endif							/* NEXTAUTH_CATALOG_H */
