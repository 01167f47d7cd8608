/*-------------------------------------------------------------------------
 *
 * statement.c
 *	  Statements on the models' tables
 *
 * They run as the caller, with the caller's privileges and policies.  They name
 * everything with its schema, operators too, and leave the search_path to the
 * triggers and policies of the tables, as a query of the caller does.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "methods.h"

static void add_conditions(Statement *statement, int count,
						   const char *const *properties, char **texts);
static int64 run(Statement *statement, bool only_reads, List **rows);
static MethodRow *read_result(const Shape *shape, HeapTuple tuple, TupleDesc tupdesc);
static int	execute(const Statement *statement, SPIPlanPtr plan, bool only_reads);
static void append_list(Statement *statement, List *given);
static bool has_version(const Shape *shape, List *given);
static bool starts_version(const Term *term, List *given);
static bool gives_term(List *given, const Term *term);

/*
 * Begin a statement with a text.
 */
void
begin_statement(Statement *statement, const Shape *shape, const char *sql)
{
	statement->shape = shape;
	statement->sees_newest = false;
	initStringInfo(&statement->sql);
	appendStringInfoString(&statement->sql, sql);
	statement->count = 0;
	statement->types = palloc_object(Oid);
	statement->values = palloc_object(Datum);
	statement->nulls = palloc_object(char);
}

/*
 * The columns that a row of the shape is read from, of a table with this alias,
 * or NULL.
 */
char *
print_read(const Shape *shape, const char *alias)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < shape->term_count; i++)
	{
		if (!shape->terms[i].is_read)
			continue;
		appendStringInfo(&buf, "%s%s%s%s", buf.len > 0 ? ", " : "",
						 alias ? alias : "", alias ? "." : "", shape->terms[i].column);
	}
	return buf.data;
}

/*
 * Append a parameter.
 */
void
add_parameter(Statement *statement, Oid type, Datum value, bool isnull)
{
	int			number = statement->count++;

	statement->types = repalloc(statement->types, statement->count * sizeof(Oid));
	statement->values = repalloc(statement->values, statement->count * sizeof(Datum));
	statement->nulls = repalloc(statement->nulls, statement->count * sizeof(char));
	statement->types[number] = type;
	statement->values[number] = value;
	statement->nulls[number] = isnull ? 'n' : ' ';
	appendStringInfo(&statement->sql, "$%d", statement->count);
}

/*
 * Append that a property has the value that a text is.  One that the column
 * cannot have is just not there.
 */
void
add_condition(Statement *statement, const char *property, const char *text)
{
	Datum		value;
	bool		is_value;
	const Term *term = get_term(statement->shape, property);

	if (term->equals == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("rows of model \"%s\" cannot be looked up by \"%s\"",
						statement->shape->definition->name, property)));
	appendStringInfo(&statement->sql, "%s %s ", term->column, term->equals);
	is_value = get_sought_value(term, text, &value);
	add_parameter(statement, term->base_type, value, !is_value);
}

static void
add_conditions(Statement *statement, int count, const char *const *properties,
			   char **texts)
{
	for (int i = 0; i < count; i++)
	{
		appendStringInfoString(&statement->sql, i == 0 ? " WHERE " : " AND ");
		add_condition(statement, properties[i], texts[i]);
	}
}

/*
 * Run a statement.  Returns how many rows it changed, or returned, and these if
 * "rows" is given.
 */
static int64
run(Statement *statement, bool only_reads, List **rows)
{
	MemoryContext caller = CurrentMemoryContext;
	int64		result;

	SPI_connect();
	(void) execute(statement,
				   get_plan(statement->sql.data, statement->count, statement->types),
				   only_reads);
	result = SPI_processed;
	for (int64 i = 0; rows && i < result; i++)
	{
		MemoryContext spi = MemoryContextSwitchTo(caller);

		*rows = lappend(*rows, read_result(statement->shape, SPI_tuptable->vals[i],
										   SPI_tuptable->tupdesc));
		MemoryContextSwitchTo(spi);
	}
	SPI_finish();
	return result;
}

/*
 * A snapshot of the whole transaction hides what others have committed since;
 * a statement that must see it gets a snapshot of its own, as foreign keys do.
 */
static int
execute(const Statement *statement, SPIPlanPtr plan, bool only_reads)
{
	if (!statement->sees_newest || !IsolationUsesXactSnapshot())
		return SPI_execute_plan(plan, statement->values, statement->nulls, only_reads, 0);
	CommandCounterIncrement();
	return SPI_execute_snapshot(plan, statement->values, statement->nulls,
								GetLatestSnapshot(), InvalidSnapshot, only_reads,
								true, 0);
}

static MethodRow *
read_result(const Shape *shape, HeapTuple tuple, TupleDesc tupdesc)
{
	MethodRow  *row = palloc_object(MethodRow);

	row->shape = shape;
	row->values = palloc_array(Datum, tupdesc->natts);
	row->nulls = palloc_array(bool, tupdesc->natts);
	heap_deform_tuple(heap_copytuple(tuple), tupdesc, row->values, row->nulls);
	return row;
}

/*
 * Run a statement that returns rows of the shape, as a list of MethodRow.
 */
List *
run_for_rows(Statement *statement, bool only_reads)
{
	List	   *rows = NIL;

	(void) run(statement, only_reads, &rows);
	return rows;
}

/*
 * The first row that a statement returns, or NULL.
 */
MethodRow *
run_for_row(Statement *statement, bool only_reads)
{
	List	   *rows = run_for_rows(statement, only_reads);

	return rows ? linitial(rows) : NULL;
}

/*
 * Run a statement that returns no rows.  Returns how many it changed.
 */
int64
run_for_count(Statement *statement)
{
	return run(statement, false, NULL);
}

/*
 * The row whose properties have these values, or NULL.
 *
 * Raise an ERROR if there are several.
 */
MethodRow *
find_row(const Shape *shape, int count, const char *const *properties,
		 char **texts, bool only_reads)
{
	Statement	statement;
	List	   *rows;

	begin_statement(&statement, shape, "SELECT ");
	appendStringInfo(&statement.sql, "%s FROM %s", print_read(shape, NULL),
					 shape->table);
	add_conditions(&statement, count, properties, texts);
	appendStringInfoString(&statement.sql, " LIMIT 2");
	rows = run_for_rows(&statement, only_reads);
	if (list_length(rows) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_CARDINALITY_VIOLATION),
				 errmsg("several rows of model \"%s\" have this \"%s\"",
						shape->definition->name, properties[0])));
	return rows ? linitial(rows) : NULL;
}

/*
 * Delete the row whose properties have these values.  Returns it, or NULL if
 * there was none.
 */
MethodRow *
delete_row_by(const Shape *shape, int count, const char *const *properties,
			  char **texts)
{
	Statement	statement;

	begin_statement(&statement, shape, "DELETE FROM ");
	appendStringInfoString(&statement.sql, shape->table);
	add_conditions(&statement, count, properties, texts);
	appendStringInfo(&statement.sql, " RETURNING %s", print_read(shape, NULL));
	return run_for_row(&statement, false);
}

/*
 * Insert a row of the given values.  Returns it.
 *
 * Raise an ERROR if a trigger suppresses that.
 */
MethodRow *
insert_given(const Shape *shape, List *given)
{
	Statement	statement;
	MethodRow  *row;

	begin_statement(&statement, shape, "INSERT INTO ");
	appendStringInfoString(&statement.sql, shape->table);
	if (given || has_version(shape, given))
		append_list(&statement, given);
	else
		appendStringInfoString(&statement.sql, " DEFAULT VALUES");
	appendStringInfo(&statement.sql, " RETURNING %s", print_read(shape, NULL));
	row = run_for_row(&statement, false);
	if (row == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("row of model \"%s\" was not inserted", shape->definition->name),
				 errdetail("A trigger of the table suppressed it.")));
	return row;
}

/*
 * Append the columns of an INSERT and their values.
 */
static void
append_list(Statement *statement, List *given)
{
	const Shape *shape = statement->shape;
	StringInfo	sql = &statement->sql;
	const char *separator = " (";
	ListCell   *lc;

	foreach(lc, given)
	{
		appendStringInfo(sql, "%s%s", separator, ((Given *) lfirst(lc))->term->column);
		separator = ", ";
	}
	for (int i = 0; i < shape->term_count; i++)
	{
		if (!starts_version(&shape->terms[i], given))
			continue;
		appendStringInfo(sql, "%s%s", separator, shape->terms[i].column);
		separator = ", ";
	}
	separator = ") VALUES (";
	foreach(lc, given)
	{
		const Given *element = lfirst(lc);

		appendStringInfoString(sql, separator);
		add_parameter(statement, element->term->type, element->value, element->isnull);
		separator = ", ";
	}
	for (int i = 0; i < shape->term_count; i++)
	{
		if (!starts_version(&shape->terms[i], given))
			continue;
		appendStringInfo(sql, "%s1", separator);
		separator = ", ";
	}
	appendStringInfoChar(sql, ')');
}

/*
 * Does the column count versions, which TypeORM does from 1?
 */
static bool
starts_version(const Term *term, List *given)
{
	return term->role == ROLE_VERSION && !term->has_default && !gives_term(given, term);
}

static bool
has_version(const Shape *shape, List *given)
{
	for (int i = 0; i < shape->term_count; i++)
	{
		if (starts_version(&shape->terms[i], given))
			return true;
	}
	return false;
}

static bool
gives_term(List *given, const Term *term)
{
	ListCell   *lc;

	foreach(lc, given)
	{
		if (((Given *) lfirst(lc))->term == term)
			return true;
	}
	return false;
}

/*
 * Begin an UPDATE that gives rows the given values.  Their times of update and
 * versions go on, as TypeORM does it.
 */
void
begin_update(Statement *statement, const Shape *shape, List *given)
{
	const char *separator = " SET ";
	ListCell   *lc;

	begin_statement(statement, shape, "UPDATE ");
	appendStringInfoString(&statement->sql, shape->table);
	foreach(lc, given)
	{
		const Given *element = lfirst(lc);

		appendStringInfo(&statement->sql, "%s%s = ", separator, element->term->column);
		add_parameter(statement, element->term->type, element->value, element->isnull);
		separator = ", ";
	}
	for (int i = 0; i < shape->term_count; i++)
	{
		const Term *term = &shape->terms[i];

		if (gives_term(given, term))
			continue;
		if (term->role == ROLE_UPDATE_DATE)
			appendStringInfo(&statement->sql, ", %s = pg_catalog.now()", term->column);
		else if (term->role == ROLE_VERSION)
			appendStringInfo(&statement->sql, ", %s = %s OPERATOR(pg_catalog.+) 1", term->column, term->column);
	}
	appendStringInfoString(&statement->sql, " WHERE ");
}

/*
 * Give the row whose property has that value the given ones.  Returns it, or
 * NULL if there is none.
 */
MethodRow *
update_given(const Shape *shape, List *given, const char *property,
			 const char *text)
{
	Statement	statement;

	begin_update(&statement, shape, given);
	add_condition(&statement, property, text);
	appendStringInfo(&statement.sql, " RETURNING %s", print_read(shape, NULL));
	return run_for_row(&statement, false);
}

/*
 * Get a property's value in a row.  Returns false if it is null.
 */
bool
get_value(const MethodRow *row, const char *property, Datum *value,
		  const Term **term)
{
	const Shape *shape = row->shape;

	for (int i = 0, number = 0; number < shape->read_count; i++)
	{
		*term = &shape->terms[i];
		if (!(*term)->is_read)
			continue;
		*value = row->values[number];
		if (strcmp((*term)->property, property) == 0)
			return !row->nulls[number];
		number++;
	}
	return false;
}

/*
 * The same as text; NULL if it is null.
 */
char *
value_of(const MethodRow *row, const char *property)
{
	const Term *term;
	Datum		value;

	return get_value(row, property, &value, &term) ? value_text(term, value) : NULL;
}
