/*-------------------------------------------------------------------------
 *
 * default_value.c
 *	  A column's default as a JSON value
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/fmgrprotos.h"

#include "describe.h"

/* JavaScript represents numbers of so many digits exactly */
#define MAX_JAVASCRIPT_DIGITS 15

static void push_literal(JsonbParseState **state, const ColumnSpec *column,
						 char *value);
static bool is_javascript_number(const char *text);
static bool is_plain_json(const char *text);
static bool is_plain_array(const char *text);
static char *typeorm_default(const char *expression, bool *faithful);

/*
 * A column's default as the text of a JSON value, or NULL if it has none, or
 * one that is not constant.
 */
char *
describe_default(const ColumnSpec *column)
{
	char	   *value = constant_default(column);
	JsonbParseState *state = NULL;
	JsonbValue	key;
	Jsonb	   *json;

	if (value == NULL)
		return NULL;

	begin_object(&state, NULL);
	push_literal(&state, column, value);
	json = JsonbValueToJsonb(end_object(&state));
	json = JsonbValueToJsonb(getKeyJsonValueFromContainer(&json->root, "default",
														  strlen("default"),
														  &key));
	return JsonbToCString(NULL, &json->root, VARSIZE(json));
}

/*
 * The default, as a literal if it is one.
 *
 * TypeORM compares a default with PostgreSQL's text without the casts: it
 * compares the text of a quoted literal, and of an expression.  So if the
 * literal would differ, PostgreSQL's text is returned as an expression.
 */
void
push_default(JsonbParseState **state, const ColumnSpec *column, Reader reader)
{
	char	   *value = constant_default(column);
	char	   *expression = column->default_sql;
	Oid			type = element_type(column);
	bool		faithful = true;
	bool		as_literal;

	if (reader == READER_TYPEORM)
	{
		char	   *printed = typeorm_default(expression, &faithful);

		if (value == NULL)
			as_literal = false;
		else if (type == JSONOID || type == JSONBOID)
		{
			/* TypeORM parses the JSON, but only without PostgreSQL's quoting */
			as_literal = !column->is_array && faithful &&
				is_plain_json(value) &&
				strcmp(printed, psprintf("'%s'", value)) == 0;
		}
		else if (column->type == BOOLOID)
			as_literal = true;
		else
			as_literal = strcmp(printed, psprintf("'%s'", value)) == 0;

		if (!as_literal && faithful)
			expression = printed;
	}
	else
		as_literal = true;

	if (reader == READER_TYPEORM && value && !as_literal && faithful &&
		column->enum_labels)
	{
		/* TypeORM allows no expression here, but it does not quote either */
		push_string(state, "default",
					pnstrdup(expression + 1, strlen(expression) - 2));
	}
	else if (value && (as_literal || !faithful))
		push_literal(state, column, value);
	else
		push_string(state, "defaultExpression", expression);
}

/*
 * A constant default as a JSON value for extend_model() and TypeORM: a string
 * unless another kind is as exact.
 */
static void
push_literal(JsonbParseState **state, const ColumnSpec *column, char *value)
{
	if (column->type == BOOLOID)
		push_boolean(state, "default", value[0] == 't');
	else if ((column->type == JSONOID || column->type == JSONBOID) &&
			 is_plain_json(value))
	{
		JsonbValue	parsed;

		JsonbToJsonbValue(DatumGetJsonbP(DirectFunctionCall1(jsonb_in,
															 CStringGetDatum(value))),
						  &parsed);
		push_value(state, "default", &parsed);
	}
	else if (is_number_type(column->type) && is_javascript_number(value))
		push_number(state, "default", value);
	else if (column->is_array && array_delimiter(column) == ',' &&
			 is_plain_array(value))
	{
		char	   *element = value + 1;
		bool		numbers = is_number_type(element_type(column));

		begin_array(state, "default");
		while (*element != '}')
		{
			size_t		length = strcspn(element, ",}");
			char	   *text = pnstrdup(element, length);

			if (numbers && is_javascript_number(text))
				push_number(state, NULL, text);
			else
				push_string(state, NULL, text);
			element += length;
			if (*element == ',')
				element++;
		}
		end_array(state);
	}
	else
		push_string(state, "default", value);
}

/*
 * Does JavaScript print the number in the same way?
 */
static bool
is_javascript_number(const char *text)
{
	bool		negative = *text == '-';
	size_t		digits;
	size_t		fraction = 0;

	if (negative)
		text++;
	digits = strspn(text, "0123456789");
	if (digits == 0 || (text[0] == '0' && digits > 1))
		return false;
	if (text[digits] == '.')
	{
		fraction = strspn(text + digits + 1, "0123456789");
		if (fraction == 0 || text[digits + fraction] == '0' || fraction > 6)
			return false;
		fraction++;
	}
	return text[digits + fraction] == '\0' &&
		digits + fraction <= MAX_JAVASCRIPT_DIGITS &&
		!(negative && strcmp(text, "0") == 0);
}

/*
 * Does the text of an object or an array stay the same when it is parsed as
 * JSON and printed again?
 */
static bool
is_plain_json(const char *text)
{
	Jsonb	   *json;

	if ((text[0] != '{' && text[0] != '[') || strstr(text, "\\u0000"))
		return false;
	json = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
	return strcmp(JsonbToCString(NULL, &json->root, VARSIZE(json)), text) == 0;
}

/*
 * Is an array literal nothing but unquoted elements between its braces?
 */
static bool
is_plain_array(const char *text)
{
	size_t		length = strlen(text);

	return length >= 2 && text[0] == '{' &&
		strcspn(text + 1, "{}\"\\") == length - 2 &&
		pg_strcasecmp(text, "{NULL}") != 0 && strstr(text, "NULL") == NULL;
}

/*
 * A column's default as TypeORM reads it: PostgreSQL's text without anything
 * that looks like a cast, and an integer in quotes.
 *
 * "faithful" is set to false if this is no longer the default: if a part of a
 * literal looked like a cast, or more than a type's name followed one.
 */
static char *
typeorm_default(const char *expression, bool *faithful)
{
	StringInfoData buf;
	bool		quoted = false;
	const char *p = expression;
	char	   *end;

	*faithful = true;
	if (strcmp(expression, "now()") == 0 || strstr(expression, "'now'::text"))
		return pstrdup(expression);

	initStringInfo(&buf);
	while (*p)
	{
		size_t		cast = 0;

		if (p[0] == ':' && p[1] == ':')
			cast = strspn(p + 2,
						  "abcdefghijklmnopqrstuvwxyz"
						  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						  "0123456789_ \t\n.[]\"");
		if (cast > 0)
		{
			/* A word in capitals is SQL, and not part of a type's name */
			if (quoted || p[2 + cast] == '(' || IS_HIGHBIT_SET(p[2 + cast]) ||
				strcspn(p + 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") < cast)
				*faithful = false;
			p += 2 + cast;
			continue;
		}
		if (*p == '\'')
			quoted = !quoted;
		appendStringInfoChar(&buf, *p++);
	}

	/* /^(-?\d+)$/ */
	p = buf.data[0] == '-' ? buf.data + 1 : buf.data;
	(void) strtoul(p, &end, 10);
	if (*p >= '0' && *p <= '9' && *end == '\0')
		return psprintf("'%s'", buf.data);
	return buf.data;
}
