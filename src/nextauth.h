/*-------------------------------------------------------------------------
 *
 * nextauth.h
 *	  The types that every file shares, and what each file offers the others
 *
 * One way through: jsonb -> column_spec.c -> plan.c (against catalog.c) ->
 * ddl.c -> catalog.c -> rows to the caller.  A file calls only itself and
 * those declared above it here.  On top of them are the functions callable
 * from SQL: extend.c, install.c and describe.c.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NEXTAUTH_H
#define NEXTAUTH_H

#include "access/attnum.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#define NEXTAUTH_SCHEMA "nextauth"

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
	GENERATED_INCREMENT,		/* by a sequence: serial or identity */
	GENERATED_UUID				/* type uuid, default gen_random_uuid() */
} ColumnGenerated;

/*
 * A column: as an author defines it, as the extension builds it in, or as the
 * table has it.  The three are compared with each other, so they share one
 * shape.
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

	/* What PostgreSQL's own catalog holds */
	AttrNumber	attnum;			/* 0 when not in the table */
	Oid			type;			/* invalid for an enum still to be created */
	int32		typmod;
	Oid			collation;
	bool		is_array;
	bool		nullable;
	bool		unique;
	bool		primary;
	ColumnGenerated generated;
	char	   *default_literal;	/* the author's, if it is no expression */
	Node	   *default_expr;	/* NULL when there is none */
	char	   *default_sql;	/* the same, as PostgreSQL prints it */
	char	   *comment;
	char	   *enum_name;		/* of the type, when it is an enum */
	bool		enum_name_implied;	/* the author gave no enumName */
	List	   *enum_labels;	/* of char * */
} ColumnSpec;

/* Length, precision and scale of a type; -1 when absent */
typedef struct TypeModifiers
{
	int			length;
	int			precision;
	int			scale;
} TypeModifiers;

/* An index on nothing but columns, that of a constraint or a plain one */
typedef struct IndexSpec
{
	char	   *name;
	List	   *column_names;	/* of char * */
	bool		is_primary;
	bool		is_unique;
	bool		is_constraint;
	const char *deferrable;		/* NULL when it is not */
	char	   *where;			/* NULL when it covers all rows */
} IndexSpec;

typedef struct CheckSpec
{
	char	   *name;
	char	   *expression;
} CheckSpec;

/* A table as PostgreSQL knows it */
typedef struct Table
{
	List	   *columns;		/* of ColumnSpec */
	List	   *indexes;		/* of IndexSpec */
	List	   *checks;			/* of CheckSpec */
	bool		is_extended;	/* triggers, rules, row security, children */
} Table;

typedef struct BuiltinColumn
{
	const char *property;
	const char *type_name;
	int			flags;
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
} BuiltinModel;

/* A model and the table that holds it now */
typedef struct Model
{
	const BuiltinModel *builtin;
	Oid			relid;			/* invalid when there is none */
	Oid			owner;
	Oid			schema;
	char	   *schema_name;
	char	   *table_name;
} Model;

typedef enum StepKind
{
	STEP_CREATE_TYPE,
	STEP_ADD_COLUMN,
	STEP_COMMENT
} StepKind;

/* One change of a table */
typedef struct Step
{
	StepKind	kind;
	const ColumnSpec *column;
} Step;

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
} PlannedColumn;

typedef struct ModelPlan
{
	List	   *steps;			/* of Step, in the order of execution */
	List	   *columns;		/* of PlannedColumn, in the author's order */
	bool		changes_catalog;
} ModelPlan;

/* What a DDL command dropped of a model: a column, or with NULL its table */
typedef struct DroppedObject
{
	char	   *model;
	char	   *column_name;
} DroppedObject;

/* The user whose rights begin_catalog_owner() has put aside */
typedef struct CatalogUser
{
	Oid			id;
	int			context;
	int			nest;			/* of settings */
} CatalogUser;

/* module.c: settings */
extern bool nextauth_protect_columns;

/* naming.c: property -> column, type and constraint names */
extern char *name_column(const char *property);
extern char *name_property(const char *column_name);
extern char *name_enum(const char *table_name, const char *column_name);
extern char *name_constraint(const char *prefix, const char *table_name,
							 List *column_names);
extern void check_name(const char *what, const char *name);
extern int	compare_names(const ListCell *a, const ListCell *b);

/* types.c: TypeORM's type vocabulary -> PostgreSQL types, and back */
extern bool is_enum_type(const ColumnSpec *column);
extern bool is_number_type(Oid type);
extern void resolve_type(ColumnSpec *column, const TypeModifiers *modifiers);
extern void resolve_enum_type(ColumnSpec *column, Oid schema);
extern List *enum_labels(Oid type);
extern bool equal_labels(List *a, List *b);
extern bool same_family(Oid type, Oid other);
extern bool same_meaning(const char *type_name, const char *other);
extern char *name_of_type(Oid type);
extern Oid	element_type(const ColumnSpec *column);
extern const char *describe_type(const ColumnSpec *column);
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
extern char *check_builtin_column(const ColumnSpec *desired,
								  const Table *table, bool exactly);

/* expression.c: column defaults, as PostgreSQL stores them */
extern void check_json_literal(const ColumnSpec *column, const char *literal);
extern void set_default_literal(ColumnSpec *column, const char *literal);
extern void set_default_expression(ColumnSpec *column, const char *expression);
extern void set_default_node(ColumnSpec *column, Node *expression);
extern char *constant_default(const ColumnSpec *column);

/* builtin.c: the built-in models, as tables of data */
extern const BuiltinModel builtin_models[];
extern const BuiltinModel *find_builtin_model(const char *name);
extern bool is_builtin_property(const BuiltinModel *model, const char *property);
extern List *builtin_columns(const BuiltinModel *model);

/* column_spec.c: jsonb -> ColumnSpec */
extern List *parse_columns(const Model *model, JsonbContainer *columns);

/* relation.c: what PostgreSQL's own catalog says of a table */
extern Table *read_table(Oid relid);
extern bool has_rows(Oid relid);

/* catalog.c: reads and writes model and custom_column */
extern Model *read_model(const char *name, bool fresh);
extern Model *find_model(Oid relid);
extern void check_model_table(const Model *model);
extern void check_model_owner(const Model *model);
extern bool has_custom_columns(const Model *model);
extern List *read_model_columns(const Model *model, List *actual, bool fresh);
extern int	pin_search_path(void);
extern void begin_catalog_owner(CatalogUser *user);
extern void end_catalog_owner(const CatalogUser *user);
extern List *read_dropped(void);
extern void write_model(const char *name, Oid relid);
extern void delete_model(const char *name);
extern void write_custom_columns(const Model *model, List *columns);
extern void rename_custom_column(const Model *model, const char *column_name,
								 const char *new_name);
extern void delete_custom_column(const Model *model, const char *column_name);

/* plan.c: desired against actual columns -> steps */
extern Step *make_step(StepKind kind, const ColumnSpec *column);
extern ModelPlan *make_plan(const Model *model, List *desired, List *actual);

/* ddl.c: steps -> quoted SQL text; runs it */
extern char *quote_table(const Model *model);
extern List *print_steps(const Model *model, List *steps);
extern List *print_create_table(const Model *model);
extern List *print_drop_tables(List *models);
extern List *print_grants(List *schemas, List *models, const char *role);
extern void run_statements(List *statements);

/* install.c: creates, adopts and removes the built-in tables */
extern bool is_restore(void);
extern void uninstall_pristine(Oid schema);

/* describe.c: models -> EntitySchema */
extern char *describe_definition(const Model *model, const ColumnSpec *column);

#endif							/* NEXTAUTH_H */
