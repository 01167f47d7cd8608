/*-------------------------------------------------------------------------
 *
 * declare.h
 *	  What the author of a definition said
 *
 *-------------------------------------------------------------------------
 */
#ifndef DECLARE_H
#define DECLARE_H

#include "catalog/nextauth_catalog.h"

/* The parts of a model's definition that are not columns */
typedef struct ModelSpec
{
	List	   *indexes;		/* of IndexSpec */
	List	   *uniques;		/* of IndexSpec */
	List	   *checks;			/* of CheckSpec */
} ModelSpec;

/* What a value of another engine is */
typedef enum ForeignKind
{
	FOREIGN_NULL,
	FOREIGN_TEXT,
	FOREIGN_NUMBER,
	FOREIGN_BOOLEAN,
	FOREIGN_TIME,
	FOREIGN_BYTES,				/* in base64 */
	FOREIGN_ARRAY,
	FOREIGN_OBJECT
} ForeignKind;

typedef struct ForeignValue
{
	ForeignKind kind;
	char	   *text;			/* NULL in an array or object */
	JsonbContainer *json;		/* of an array or object */
} ForeignValue;

/* The type that values of another engine are converted to */
typedef struct ForeignTarget
{
	Oid			type;			/* of the elements, in an array; no domain */
	bool		is_array;
	char		delimiter;
	bool		is_simple_array;
	bool		is_simple_json;
} ForeignTarget;

/* A key of rows for which a model has no column, and what values it has */
typedef struct UnknownKey
{
	char	   *key;
	int			seen;			/* SEEN_* in infer.c */
	int			elements_seen;	/* in values that are arrays */
} UnknownKey;

/*
 * Reads the value of an option into the field.  Returns NULL, or what the value
 * must be, for a message.
 */
typedef const char *(*ReadOption) (void *field, const JsonbValue *value);

/* An option: a member of an object, and the field that it sets */
typedef struct Option
{
	const char *name;
	ReadOption	read;			/* NULL: the option is not supported */
	size_t		offset;			/* of the field, whose type read() says */
	int			gives;			/* a flag, if it matters whether it is given */
	const char *reason;			/* why it is not supported; NULL: see the hint */
} Option;

#define FIELD(type, field) .offset = offsetof(type, field)

/*
 * The options of a kind of object, and messages about them: the first %s is the
 * option, the second one what has it.
 */
typedef struct OptionTable
{
	const Option *options;
	int			count;
	const char *unrecognized;
	const char *unsupported;
	const char *misfit;			/* the third %s is what the value must be */
	const char *closest;		/* hint, of the closest match; may be NULL */
	const char *hint;			/* if nothing is close; may be NULL */
} OptionTable;

/* options.c: JSON of a definition: its values, and objects read by a table of options */
extern char *string_of(const JsonbValue *value);
extern char *number_of(const JsonbValue *value);
extern bool is_array(const JsonbValue *value);
extern bool is_object(const JsonbValue *value);
extern bool next_json_value(JsonbIterator **it, char **name, JsonbValue *value);
extern List *read_elements(const JsonbValue *array,
						   void *(*read) (const JsonbValue *));
extern int	read_options(const OptionTable *table, JsonbContainer *object,
						 const char *owner, const char *besides, void *result);
extern const char *read_boolean(void *field, const JsonbValue *value);
extern const char *read_string(void *field, const JsonbValue *value);
extern const char *read_integer(void *field, const JsonbValue *value);
extern const char *read_length(void *field, const JsonbValue *value);
extern const char *read_object(void *field, const JsonbValue *value);
extern const char *read_array_or_object(void *field, const JsonbValue *value);
extern const char *read_any(void *field, const JsonbValue *value);

/* literal.c: JSON values of a definition as literals of PostgreSQL */
extern char *default_literal(const ColumnSpec *column, const JsonbValue *value);
extern void append_element(StringInfo buf, const char *text);

/* foreign_value.c: values of other engines, in JSON, as text for PostgreSQL's input functions */
extern ForeignTarget foreign_target(const ColumnSpec *column);
extern char *foreign_text(const ForeignTarget *target, const JsonbValue *json);
extern ForeignValue read_foreign(const JsonbValue *value);
extern bool is_json_container(const char *text);
extern bool is_json(const char *text);

/* infer.c: the definition of properties, from values that they have */
extern void note_value(UnknownKey *unknown, const JsonbValue *value);
extern char *infer_definitions(List *unknown);

/* column_spec.c: jsonb -> ColumnSpec: TypeORM's column options, table-driven and strict */
extern List *parse_columns(const Model *model, JsonbContainer *columns);
extern void check_deferrable(const char *deferrable, const char *property);

/* model_spec.c: jsonb -> ModelSpec: what TypeORM's entity options say beside columns */
extern ModelSpec *parse_model_options(const Model *model,
									  JsonbContainer *options,
									  bool with_columns);

/* resolve.c: completes a definition by what is there: enum types, foreign keys, expressions */
extern void complete_column(const Model *model, ColumnSpec *desired,
							List *actual);
extern List *columns_to_compare(const Table *table, List *actual, List *desired);
extern void check_shared_enums(List *columns);
extern void check_same_labels(const ColumnSpec *column,
							  const ColumnSpec *other);
extern List *merge_columns(List *actual, List *desired);
extern void complete_index(const Model *model, List *columns,
						   IndexSpec *index);
extern List *columns_of_properties(const Model *model, List *columns,
								   List *properties);

#endif							/* DECLARE_H */
