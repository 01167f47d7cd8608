/*-------------------------------------------------------------------------
 *
 * describe.h
 *	  What a model is, in other languages
 *
 * entity_schema.c describes models as jsonb, with the words of push.c.
 * describe_model.c makes DescribedModels of them; the files that no comment names
 * print these, one format each, with the words of source_text.c.
 *
 *-------------------------------------------------------------------------
 */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "catalog/nextauth_catalog.h"

/* A column as an application declares it */
typedef struct DescribedColumn
{
	const char *property;		/* in the application */
	const char *name;			/* in the adapter's view */
	const ColumnSpec *column;	/* of the table, or as it would be made */
	const TypeInfo *type;		/* that the view shows; an array's elements' */
	Conversion	conversion;
	bool		is_custom;
	bool		has_default;	/* PostgreSQL gives it a value by itself */
} DescribedColumn;

typedef struct DescribedModel
{
	const ModelDefinition *definition;
	const Adapter *adapter;		/* NULL: the model's own names */
	const char *name;			/* of the adapter's view */
	const char *schema;			/* that the view is in, or will be */
	const char *table;			/* that holds the rows; NULL: there is none */
	const char *table_schema;
	List	   *columns;		/* of DescribedColumn */
} DescribedModel;

/* push.c: a description as jsonb, part by part */
extern void push_value(JsonbParseState **state, const char *key,
					   JsonbValue *value);
extern void push_string(JsonbParseState **state, const char *key,
						const char *string);
extern void push_strings(JsonbParseState **state, const char *key,
						 List *strings);
extern void push_boolean(JsonbParseState **state, const char *key,
						 bool boolean);
extern void push_number(JsonbParseState **state, const char *key,
						const char *number);
extern void push_int(JsonbParseState **state, const char *key, int number);
extern void begin_object(JsonbParseState **state, const char *key);
extern JsonbValue *end_object(JsonbParseState **state);
extern void begin_array(JsonbParseState **state, const char *key);
extern void end_array(JsonbParseState **state);

/* The reader of a description */
typedef enum Reader
{
	READER_TYPEORM,
	READER_EXTEND_MODEL			/* for extend_model(), which accepts it as a
								 * definition */
} Reader;

/* default_value.c: a column's default as a JSON value */
extern char *describe_default(const ColumnSpec *column);
extern void push_default(JsonbParseState **state, const ColumnSpec *column,
						 Reader reader);

/* definition.c: columns, indexes and constraints -> the options that define them */
extern JsonbValue *push_column(JsonbParseState **state, const char *key,
							   const Model *model, const ColumnSpec *column,
							   Reader reader);
extern void push_options(JsonbParseState **state, const Model *model,
						 const Table *table, List *columns, Reader reader);
extern char *describe_definition(const Model *model, const ColumnSpec *column);
extern bool has_own_default(const ColumnSpec *column, const ColumnSpec *built);

/* source_text.c: text from the database in the source of a program */
extern void append_string(StringInfo buf, const char *text);
extern void append_key(StringInfo buf, const char *name);
extern void append_template(StringInfo buf, const char *text);
extern void append_comment(StringInfo buf, const char *indent,
						   const char *comment);
extern void append_lines(StringInfo buf, const char *prefix, const char *text);
extern void append_list(StringInfo buf, List *strings, const char *separator);
extern char *make_identifier(const char *name, const char *suffix,
							 List **taken);

/* What every object of JavaScript has */
#define OBJECT_NAMES \
	"constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", \
	"toLocaleString", "toString", "valueOf", "__proto__", \
	"__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"

/* Why a column is left out */
#define NOT_SELECTED "not read unless asked for (select: false)"

/* described.c: what the formats ask of a described model or column */
extern const char *const object_names[];
extern DescribedModel *find_described(List *models, const char *name);
extern DescribedModel *find_users(List *models);
extern DescribedColumn *find_described_column(const DescribedModel *model,
											  const char *name);
extern bool is_for_better_auth(const DescribedModel *model);
extern bool has_primary_key(const DescribedModel *model);
extern List *find_key(const DescribedModel *model);
extern bool is_key(const DescribedModel *model, const DescribedColumn *column);
extern bool is_left_out(const DescribedColumn *column);
extern bool has_object_name(const DescribedColumn *column);
extern void append_left_out(StringInfo buf, const char *indent,
							const char *reason, const DescribedColumn *column);
extern bool is_read_only(const DescribedColumn *column);
extern bool is_time(const DescribedColumn *column);
extern bool is_one_of(const char *name, const char *const *names);
extern char *print_sql_type(const DescribedColumn *column);
extern const char *javascript_default(const DescribedColumn *column);

/* Each prints a list of DescribedModel */
extern void print_typeorm(StringInfo buf, List *models);
extern void print_prisma(StringInfo buf, List *models);
extern void print_drizzle(StringInfo buf, List *models);
extern void print_kysely(StringInfo buf, List *models);
extern void print_sequelize(StringInfo buf, List *models);
extern void print_mikro_orm(StringInfo buf, List *models);
extern void print_typescript(StringInfo buf, List *models);
extern void print_json_schema(StringInfo buf, List *models);
extern void print_better_auth(StringInfo buf, List *models);

/* typescript.c: what the package pg makes of a value */
extern char *print_value_type(const DescribedColumn *column);
extern char *print_element_type(const DescribedColumn *column);
extern bool is_parsed_array(const DescribedColumn *column);
extern void print_interval_type(StringInfo buf, List *models);

#endif							/* DESCRIBE_H */
