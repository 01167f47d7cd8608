/*-------------------------------------------------------------------------
 *
 * engine_text.c
 *	  Names, literals and remarks in statements for another database
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "nodes/nodeFuncs.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "engine.h"

static char *properties_with(const EngineModel *model, const char *remark);

/*
 * Say of the column what is different in the other database; nothing if it is
 * NULL.
 */
void
add_remark(EngineColumn *column, const char *remark)
{
	if (remark)
		column->remarks = lappend(column->remarks, unconstify(char *, remark));
}

/*
 * Print the remarks on a model, each behind a prefix that makes its line a
 * comment.  A remark on several columns is printed once.
 */
void
append_remarks(StringInfo buf, const EngineModel *model, const char *prefix)
{
	List	   *printed = NIL;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, model->columns)
	{
		const EngineColumn *column = lfirst(lc);

		if (column->left_out)
			append_lines(buf, prefix, psprintf("%s is left out: %s",
											   column->spec->property,
											   column->left_out));
	}
	foreach(lc, model->columns)
	{
		foreach(lc2, ((EngineColumn *) lfirst(lc))->remarks)
		{
			char	   *remark = lfirst(lc2);

			if (is_member(printed, remark))
				continue;
			printed = lappend(printed, remark);
			append_lines(buf, prefix, psprintf("%s: %s",
											   properties_with(model, remark), remark));
		}
	}
	foreach(lc, model->remarks)
		append_lines(buf, prefix, lfirst(lc));
}

/*
 * The properties that have the same remark, with commas.
 */
static char *
properties_with(const EngineModel *model, const char *remark)
{
	List	   *properties = NIL;
	ListCell   *lc;

	foreach(lc, model->columns)
	{
		const EngineColumn *column = lfirst(lc);

		if (column->left_out == NULL && is_member(column->remarks, remark))
			properties = lappend(properties, column->spec->property);
	}
	return join_names(properties);
}

/*
 * A name between the engine's quotes, which no name of a kept column has.
 */
char *
quote_engine_name(const Engine *engine, const char *name)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, engine->quote);
	for (const char *p = name; *p; p++)
	{
		if (*p == engine->quote)
			appendStringInfoChar(&buf, *p);
		appendStringInfoChar(&buf, *p);
	}
	appendStringInfoChar(&buf, engine->quote);
	return buf.data;
}

/*
 * The quoted names of columns, a list of EngineColumn, with commas.
 */
char *
quote_engine_columns(const Engine *engine, List *columns)
{
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	foreach(lc, columns)
		appendStringInfo(&buf, "%s%s", buf.len > 0 ? ", " : "",
						 quote_engine_name(engine, ((EngineColumn *) lfirst(lc))->name));
	return buf.data;
}

/*
 * A string literal of the SQL standard.
 */
const char *
quote_standard_string(const char *text)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '\'');
	for (const char *p = text; *p; p++)
	{
		if (*p == '\'')
			appendStringInfoChar(&buf, '\'');
		appendStringInfoChar(&buf, *p);
	}
	appendStringInfoChar(&buf, '\'');
	return buf.data;
}

/*
 * What follows a column's definition to refuse the values that PostgreSQL would
 * refuse: its type's check; NULL if there is none.
 */
char *
engine_check(const EngineModel *model, const EngineColumn *column)
{
	StringInfoData buf;
	const char *check = column->check ? column->check : column->type->check;

	if (check == NULL)
		return NULL;
	initStringInfo(&buf);
	for (const char *p = check; *p; p++)
	{
		if (p[0] == '%' && p[1] == 'c')
		{
			appendStringInfoString(&buf, quote_engine_name(model->engine,
														   column->name));
			p++;
		}
		else
			appendStringInfoChar(&buf, *p);
	}
	return buf.data;
}

/*
 * A constant default of a timestamp, in UTC and with six digits; NULL if the
 * default is none, or an infinite one.
 */
const char *
print_engine_time(const EngineColumn *column)
{
	Node	   *node = column->spec->default_expr;
	Timestamp	value;
	struct pg_tm tm;
	fsec_t		fsec;

	if (node)
		node = strip_implicit_coercions(node);
	if (node == NULL || !IsA(node, Const) || ((Const *) node)->constisnull)
		return NULL;

	/* Both kinds count from the same time */
	value = DatumGetTimestamp(((Const *) node)->constvalue);
	if (TIMESTAMP_NOT_FINITE(value) ||
		timestamp2tm(value, NULL, &tm, &fsec, NULL, NULL) != 0 || tm.tm_year <= 0)
		return NULL;
	return psprintf("%04d-%02d-%02d %02d:%02d:%02d.%06d", tm.tm_year, tm.tm_mon,
					tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int) fsec);
}

/*
 * The bytes that a value can take in a row and in an index: characters have up
 * to four, and what is long is stored elsewhere.
 */
int
engine_bytes(const EngineColumn *column)
{
	return column->type->storage == STORED_AS_STRING && column->length > 0 ?
		column->length * 4 + 2 : 32;
}
