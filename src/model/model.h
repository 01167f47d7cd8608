/*-------------------------------------------------------------------------
 *
 * model.h
 *	  What a model, a column, a type and an adapter's conventions are
 *
 *-------------------------------------------------------------------------
 */
#ifndef MODEL_H
#define MODEL_H

#include "nextauth.h"

#define IS_PRIMARY		0x01	/* primary key, a generated id */
#define IS_NULLABLE		0x02
#define IS_UNIQUE		0x04
#define IS_CREATE_DATE	0x08
#define IS_UPDATE_DATE	0x10
#define IS_USER_ID		0x20	/* refers to a user */
#define MAY_REPEAT		0x40	/* IS_UNIQUE unless a declaration says
								 * otherwise */
#define MAY_BE_CITEXT	0x80
#define IS_EXPIRY		0x100	/* time from which the row is of no use */

typedef struct ColumnDefinition
{
	const char *property;
	const char *type_name;		/* NULL: the type of ids */
	int			flags;			/* IS_*, MAY_* */
	const char *description;	/* for model_columns.description */
} ColumnDefinition;

typedef struct IndexDefinition
{
	const char *name;
	const char *property;
} IndexDefinition;

/* What a model is, whatever table holds it; builtin.c has those built in */
struct ModelDefinition
{
	const char *name;
	const char *table_name;		/* that install() gives its table */
	const ColumnDefinition *columns;	/* in the order of the table */
	const IndexDefinition *indexes; /* besides those of constraints */
	const char *entity;			/* Auth.js's name for it */
	const char *fill_function;	/* of the trigger that fills columns; or NULL */
	const char *const *key;		/* properties by which Auth.js finds one row;
								 * NULL ends them */
	bool		holds_users;	/* to whom other models refer */
	bool		optional;		/* install() does not create its table */
};

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

#define MISSING_HIDDEN	0x01	/* select: false */
#define MISSING_FILLED	0x02	/* a trigger fills it, by its name */

/* A column that an adapter needs and add_adapter() adds to a model */
typedef struct MissingColumn
{
	const char *property;
	const char *type_name;
	int			flags;			/* MISSING_* */
} MissingColumn;

/* What an adapter calls a model and its columns, and what it lacks */
typedef struct ConventionView
{
	const char *name;
	const char *model;
	const ConventionColumn *columns;
	const MissingColumn *missing;	/* NULL: nothing */
	const char *index;			/* property that lookups, or the deletion of
								 * users, need an index on; NULL: none */
} ConventionView;

#define ADAPTER_READS_ALL		0x01	/* SELECT * */
#define ADAPTER_DELETES_USER	0x02	/* and expects rows that refer to them
										 * to go, too */
#define ADAPTER_NAMES_COLUMNS	0x04	/* names custom columns as the table
										 * does */
#define ADAPTER_TIMES_ARE_UTC	0x08	/* times of custom columns, too */
#define ADAPTER_IDS_OPTIONAL	0x10	/* its applications need not declare
										 * the ids of rows other than users */

/* Types of ids, as a set */
#define INTEGER_IDS (1 << ID_INTEGER)
#define BIGINT_IDS	(1 << ID_BIGINT)
#define UUID_IDS	(1 << ID_UUID)
#define TEXT_IDS	(1 << ID_TEXT)
#define SERIAL_IDS	(INTEGER_IDS | BIGINT_IDS)

typedef struct Adapter
{
	const char *name;
	const char *schema;			/* unless another one is given */
	const ConventionView *views;	/* one a model */
	const ConventionView *former_views; /* of older versions; NULL: none */
	int			id_types;		/* *_IDS: it works with these */
	const char *uuid_declaration;	/* what an application must declare for
									 * uuids as ids, because the adapter's
									 * library makes texts by default */
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

/* A boolean option that PostgreSQL's catalog cannot hold */
typedef struct DeclaredOption
{
	const char *name;
	size_t		offset;			/* of the field in ColumnSpec */
	bool		absent;			/* what a definition without it means */
} DeclaredOption;

/* Types that an adapter reads and writes alike; strings, too, are one */
typedef enum TypeFamily
{
	FAMILY_OTHER,
	FAMILY_INTEGER,
	FAMILY_TIMESTAMP,
	FAMILY_STRING				/* of PostgreSQL's category: no row has it */
} TypeFamily;

/* What the package pg, or an ORM over it, makes of a value in JavaScript */
typedef enum JavaScriptType
{
	JS_STRING,
	JS_NUMBER,
	JS_BOOLEAN,
	JS_DATE,
	JS_BUFFER,
	JS_JSON,					/* whatever the JSON is */
	JS_INTERVAL,
	JS_POINT,
	JS_CIRCLE
} JavaScriptType;

/* What to_jsonb() makes of a value */
typedef enum JsonType
{
	JSON_STRING,
	JSON_INTEGER,
	JSON_NUMBER,
	JSON_BOOLEAN,
	JSON_OBJECT,
	JSON_ANY					/* whatever the JSON is */
} JsonType;

/* Flags of a type; the first ones are the options that it takes */
#define TYPE_LENGTH		0x01
#define TYPE_PRECISION	0x02
#define TYPE_SCALE		0x04
#define TYPE_DIMENSIONS 0x08	/* its length is their number */
#define TYPE_OF_LENGTH_1	0x10	/* by default, as the SQL standard says */
#define TYPE_IS_TIME	0x20	/* a date or time, or a range of such */
#define TYPE_PARSED_ARRAY	0x40	/* the package pg takes its arrays apart */
#define TYPE_NEW_TO_TYPEORM 0x80	/* not every TypeORM 0.3 has it */

/*
 * What is known of a type.  What an ORM calls it is NULL where the ORM has no
 * type for it.
 */
typedef struct TypeInfo
{
	const char *name;			/* PostgreSQL's, without schema */
	Oid			oid;			/* invalid if it is an extension's */
	const char *extension;		/* that it comes with */
	TypeFamily	family;
	const char *spellings[5];	/* TypeORM's, ended by NULL; it normalises the
								 * others to the first */
	int			flags;			/* TYPE_* */

	/* TypeScript */
	JavaScriptType javascript;
	const char *written;		/* what pg takes for a value; NULL: the same */

	/* JSON Schema */
	JsonType	json;
	const char *json_keywords;

	struct
	{
		const char *name;
		const char *native;		/* for @db; NULL: what name is by itself */
	}			prisma;
	struct
	{
		const char *function;
		const char *options;	/* that it is always called with */
	}			drizzle;
	const char *sequelize;		/* of DataTypes */
	const char *mikro_orm;		/* of types */
} TypeInfo;

/* naming.c: property -> column, type and constraint names, as TypeORM computes them */
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

/* type_table.c: what is known of each type, as a table of data */
extern const TypeInfo type_table[];

/* types.c: TypeORM's type vocabulary -> PostgreSQL types */
extern bool is_enum_type(const ColumnSpec *column);
extern const TypeInfo *lookup_type(Oid type);
extern const TypeInfo *type_info(Oid type);
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
extern const DeclaredOption declared_options[];
extern bool get_declared(const ColumnSpec *column, const DeclaredOption *option);
extern void set_declared(ColumnSpec *column, const DeclaredOption *option,
						 bool value);
extern ColumnSpec *make_column(const char *property);
extern ColumnSpec *copy_column(const ColumnSpec *column);
extern ColumnSpec *find_column(List *columns, const char *column_name);
extern ColumnSpec *find_property(List *columns, const char *property);
extern const char *role_option(ColumnRole role);
extern const char *generated_option(ColumnGenerated generated);
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
extern bool has_sequence(const ColumnSpec *column);

/* expression.c: defaults and other expressions, as PostgreSQL stores them */
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

/* token.c: tokens and hashes that rows hold, as NextAuth.js v3 makes them */
extern char *hash_compound_id(const char *provider, const char *account);
extern char *make_token(void);

/* id_type.c: the types of ids, as a table of data, and the setting that chooses one */
extern int	nextauth_id_type;
extern void define_id_type_setting(void);
extern void check_id_type_setting(void);
extern bool parse_id_type(const char *name, IdType *id_type);
extern const char *print_id_type(IdType id_type);
extern const char *id_type_name(IdType id_type);
extern bool find_id_type(Oid type, IdType *id_type);
extern bool read_id_type(Oid relid, const char *column_name, IdType *id_type);
extern bool is_serial_id(IdType id_type);
extern bool can_refer_to_ids(IdType id_type, IdType other);
extern bool is_convertible_id(IdType from, IdType to);
extern void set_generated_id(ColumnSpec *column, IdType id_type);

/* builtin.c: the built-in models, as tables of data */
extern const ModelDefinition builtin_models[];

/* definition.c: what the definitions of the models say */
extern const ModelDefinition *next_model(const ModelDefinition *previous);
extern const ModelDefinition *lookup_model_definition(const char *name);
extern const ModelDefinition *find_model_definition(const char *name);
extern const ModelDefinition *users_definition(void);
extern const char *user_property(const ModelDefinition *model);
extern const char *user_id_column(const ModelDefinition *model);
extern const char *expiry_property(const ModelDefinition *model);
extern const char *describe_property(const ModelDefinition *model,
									 const char *property);
extern bool is_builtin_property(const ModelDefinition *model, const char *property);
extern bool is_builtin_index(const ModelDefinition *model, List *not_unique,
							 const IndexSpec *index, List *indexes);
extern bool may_repeat(const ModelDefinition *model, const char *property);
extern bool may_be_citext(const ModelDefinition *model, const char *property);
extern List *builtin_columns(const Model *model);

/* conventions.c: each adapter's names for the models, as tables of data */
extern const Adapter adapters[];
extern const Adapter method_terms;

/* adapter.c: what the adapters need of the models, and what their views show */
extern const Adapter *lookup_adapter(const char *name);
extern const Adapter *find_adapter(const char *name);
extern bool adapter_takes_ids(const Adapter *adapter, IdType id_type);
extern void report_uuid_declaration(const Adapter *adapter);
extern char *join_adapters(const IdType *id_type);
extern const ConventionView *view_of(const Adapter *adapter,
									 const ModelDefinition *definition);
extern const ConventionColumn *find_shown(const ConventionView *view,
										  const char *property);
extern bool is_optional_id(const Adapter *adapter,
						   const ModelDefinition *definition,
						   const char *property);
extern const MissingColumn *missing_columns(const Adapter *adapter,
											const ModelDefinition *definition);
extern const MissingColumn *find_missing(const Adapter *adapter,
										 const Model *model,
										 const char *property);
extern ColumnSpec *make_missing_column(const MissingColumn *missing);
extern bool suits_adapter(const MissingColumn *missing, const ColumnSpec *column);
extern char *describe_missing(const MissingColumn *missing);
extern List *find_zoneless_times(const Adapter *adapter, const Model *model,
								 List *columns);
extern void check_time_zones(const Adapter *adapter, const Model *model,
							 List *columns);
extern List *make_view_columns(const Adapter *adapter,
							   const ConventionView *view, List *columns);

#endif							/* MODEL_H */
