/*-------------------------------------------------------------------------
 *
 * methods.h
 *	  What the methods of an adapter share
 *
 *-------------------------------------------------------------------------
 */
#ifndef METHODS_H
#define METHODS_H

#include "access/genam.h"
#include "datatype/timestamp.h"
#include "executor/spi.h"
#include "executor/tuptable.h"

#include "catalog/nextauth_catalog.h"

/* How a value becomes JSON, as to_json() makes it */
typedef enum JsonForm
{
	JSON_OF_TEXT,
	JSON_OF_TIME,				/* a date or time: ISO 8601 */
	JSON_OF_BOOLEAN,
	JSON_OF_NUMBER,
	JSON_OF_JSON,
	JSON_OF_STRING,				/* what its output function returns */
	JSON_BY_FUNCTION			/* to_json() itself */
} JsonForm;

/* A property of a model, as the methods name and read it */
typedef struct Term
{
	char	   *name;			/* NULL: no method takes or returns it */
	char	   *property;
	char	   *column;			/* quoted; NULL: the table has none yet */
	AttrNumber	attnum;
	Oid			type;
	Oid			base_type;		/* without its domain */
	int32		typmod;
	Oid			collation;
	ColumnRole	role;
	bool		has_default;
	bool		is_id;			/* text in JSON, of whatever type it is */
	bool		is_inserted;
	bool		is_updated;
	bool		is_computed;
	char	   *equals;			/* its operator, NULL if it has none */

	/* Output */
	bool		is_read;
	char	   *key;			/* "name": with the comma before it */
	int			key_length;
	JsonForm	output;
	Oid			code_owner;		/* as whom that runs code of others; invalid:
								 * it runs none */
	FmgrInfo	function;
} Term;

/* A model's table, as the methods read and write it */
typedef struct Shape
{
	const ModelDefinition *definition;
	Oid			relid;			/* invalid if the model has no table */
	char	   *table;			/* quoted, with its schema */
	Term	   *terms;
	int			term_count;
	int			read_count;		/* of the terms that are read */
} Shape;

/* What a method does with a table */
typedef enum Access
{
	READS,
	WRITES
} Access;

/* A row that a statement returned: a value for each term that is read */
typedef struct MethodRow
{
	const Shape *shape;
	Datum	   *values;
	bool	   *nulls;
} MethodRow;

/* A session and its user */
typedef struct SignedIn
{
	MethodRow  *session;		/* NULL: nobody is signed in */
	MethodRow	user;
} SignedIn;

typedef struct Lookup Lookup;

/* A table in which rows are looked for by an index */
typedef struct TableLook
{
	const Lookup *lookup;
	Relation	table;
	Relation	index;
	TupleTableSlot *slot;
	IndexScanDesc scan;			/* NULL: not begun */
	Datum		key;
} TableLook;

/* A look-up of a session and its user */
typedef struct SessionLook
{
	TableLook	sessions;
	TableLook	users;
} SessionLook;

/* A statement on a model's table, and its parameters */
typedef struct Statement
{
	const Shape *shape;
	StringInfoData sql;
	int			count;
	Oid		   *types;
	Datum	   *values;
	char	   *nulls;			/* as SPI has them */
	bool		sees_newest;	/* also what this transaction's snapshot hides */
} Statement;

/* A value that a caller gives */
typedef struct Given
{
	const Term *term;
	Datum		value;
	bool		isnull;
} Given;

/* How long a session lasts, in seconds, unless the caller says it: as Auth.js's */
#define DEFAULT_MAX_AGE (INT64CONST(30) * SECS_PER_DAY)

/* json_row.c: rows as JSON */
extern void choose_output(Term *term, Oid owner);
extern void append_row(StringInfo buf, const MethodRow *row);
extern void begin_json(StringInfo buf);
extern Datum json_datum(StringInfo buf);
extern Datum row_datum(FunctionCallInfo fcinfo, const MethodRow *row);
extern Datum rows_datum(List *rows);

/* shape.c: the models' tables, as the methods read and write them, cached */
extern Shape *open_shape(const char *model, Access access);
extern Shape *open_optional_shape(const char *model, Access access);
extern const Term *find_term(const Shape *shape, const char *property);
extern const Term *get_term(const Shape *shape, const char *property);
extern uint64 shape_generation(void);
extern void watch_relation(Oid relid);
extern SPIPlanPtr get_plan(const char *sql, int count, Oid *types);

/* given.c: JSON that a caller gives, as values of a model's columns */
extern List *read_given(const Shape *shape, Jsonb *object, bool inserts);
extern Given *find_given(List *given, const char *property);
extern char *given_text(const Given *given);
extern char *value_text(const Term *term, Datum value);
extern Datum text_value(const Term *term, const char *text, bool fits);
extern bool get_sought_value(const Term *term, const char *text, Datum *value);
extern void add_given(List **given, const Term *term, Datum value);
extern void add_text(const Shape *shape, List **given, const char *property,
					 const char *text);
extern void add_time(const Shape *shape, List **given, const char *property,
					 int64 seconds);

/* statement.c: statements on the models' tables */
extern void begin_statement(Statement *statement, const Shape *shape,
							const char *sql);
extern char *print_read(const Shape *shape, const char *alias);
extern void add_parameter(Statement *statement, Oid type, Datum value,
						  bool isnull);
extern void add_condition(Statement *statement, const char *property,
						  const char *text);
extern List *run_for_rows(Statement *statement, bool only_reads);
extern MethodRow *run_for_row(Statement *statement, bool only_reads);
extern int64 run_for_count(Statement *statement);
extern MethodRow *find_row(const Shape *shape, int count,
						   const char *const *properties, char **texts,
						   bool only_reads);
extern MethodRow *delete_row_by(const Shape *shape, int count,
								const char *const *properties, char **texts);
extern MethodRow *insert_given(const Shape *shape, List *given);
extern void begin_update(Statement *statement, const Shape *shape, List *given);
extern MethodRow *update_given(const Shape *shape, List *given,
							   const char *property, const char *text);
extern bool get_value(const MethodRow *row, const char *property, Datum *value,
					  const Term **term);
extern char *value_of(const MethodRow *row, const char *property);

/* session_lookup.c: a session and its user, by two index descents */
extern bool begin_look(SessionLook *look);
extern void look_up(SessionLook *look, Datum token, SignedIn *found);
extern void end_look(SessionLook *look);
extern bool get_token(const SessionLook *look, text *token, Datum *value);

/* method.c: what the methods take, and what many of them do */
extern Access begin_write(const char *method);
extern Jsonb *get_object(FunctionCallInfo fcinfo, int argument, const char *name);
extern int64 get_number(FunctionCallInfo fcinfo, int argument, const char *name);
extern Datum update_by(FunctionCallInfo fcinfo, const char *model,
					   const char *method, const char *argument,
					   const char *property);
extern bool lock_user(const Shape *users, const char *id, const char *strength);
extern void lock_given_user(const Shape *shape, List *given);

/* accounts.c: accounts at providers */
extern List *complete_account(const Shape *accounts, List *given);

/* sessions.c: sessions */
extern List *complete_session(const Shape *sessions, List *given, int64 max_age);

#endif							/* METHODS_H */
