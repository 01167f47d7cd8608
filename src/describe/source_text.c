/*-------------------------------------------------------------------------
 *
 * source_text.c
 *	  Text from the database in the source of a program
 *
 * Names, comments and values are anyone's who may extend a model.  None of
 * them ends the string or the comment that it is printed in.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/json.h"

#include "describe.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static int	length_of_line_end(const char *text);

/*
 * A string between double quotes, which means the same to JSON, JavaScript
 * and Prisma.
 */
void
append_string(StringInfo buf, const char *text)
{
	escape_json(buf, text);
}

/*
 * The key of a member of a JavaScript object, or of a TypeScript interface.
 */
void
append_key(StringInfo buf, const char *name)
{
	/* Otherwise it would set the object's prototype */
	if (strcmp(name, "__proto__") == 0)
		appendStringInfoString(buf, "[\"__proto__\"]");
	else if (name[0] != '\0' && strspn(name, LETTERS DIGITS "_$") == strlen(name) &&
			 strchr(DIGITS, name[0]) == NULL)
		appendStringInfoString(buf, name);
	else
		append_string(buf, name);
}

/*
 * A template literal between backticks, without any value in it.
 */
void
append_template(StringInfo buf, const char *text)
{
	appendStringInfoChar(buf, '`');
	for (const char *p = text; *p; p++)
	{
		if (*p == '\r')
		{
			/* It would be read as a line feed */
			appendStringInfoString(buf, "\\r");
			continue;
		}
		if (*p == '`' || *p == '\\' || (p[0] == '$' && p[1] == '{'))
			appendStringInfoChar(buf, '\\');
		appendStringInfoChar(buf, *p);
	}
	appendStringInfoChar(buf, '`');
}

/*
 * A comment of JavaScript on lines of its own; nothing if it is NULL.
 */
void
append_comment(StringInfo buf, const char *indent, const char *comment)
{
	StringInfoData text;

	if (comment == NULL)
		return;

	initStringInfo(&text);
	for (const char *p = comment; *p; p++)
	{
		appendStringInfoChar(&text, *p);
		if (p[0] == '*' && p[1] == '/')
			appendStringInfoChar(&text, '\\');
	}
	if (strpbrk(text.data, "\r\n") == NULL)
	{
		appendStringInfo(buf, "%s/** %s */\n", indent, text.data);
		return;
	}
	appendStringInfo(buf, "%s/**\n", indent);
	append_lines(buf, psprintf("%s *", indent), text.data);
	appendStringInfo(buf, "%s */\n", indent);
}

/*
 * Each line of a text behind a prefix.
 */
void
append_lines(StringInfo buf, const char *prefix, const char *text)
{
	const char *start = text;
	const char *p = text;

	for (;;)
	{
		int			end = *p == '\0' ? 0 : length_of_line_end(p);

		if (*p != '\0' && end == 0)
		{
			p++;
			continue;
		}
		appendStringInfo(buf, "%s%s%.*s\n", prefix, p > start ? " " : "",
						 (int) (p - start), start);
		if (*p == '\0')
			break;
		start = p += end;
	}
}

/*
 * The number of bytes if a line ends here, or 0.  JavaScript has two characters
 * of Unicode that end one, and a comment, too: U+2028 and U+2029.
 */
static int
length_of_line_end(const char *text)
{
	if (text[0] == '\r' && text[1] == '\n')
		return 2;
	if (text[0] == '\r' || text[0] == '\n')
		return 1;
	return GetDatabaseEncoding() == PG_UTF8 &&
		(strncmp(text, "\xe2\x80\xa8", 3) == 0 ||
		 strncmp(text, "\xe2\x80\xa9", 3) == 0) ? 3 : 0;
}

/*
 * Strings, each between double quotes.
 */
void
append_list(StringInfo buf, List *strings, const char *separator)
{
	ListCell   *lc;

	foreach(lc, strings)
	{
		if (foreach_current_index(lc) > 0)
			appendStringInfoString(buf, separator);
		append_string(buf, lfirst(lc));
	}
}

/*
 * A name as an identifier of letters, digits and underscores, a letter first,
 * that ends in "suffix", and is none of those that are taken, to which it is
 * added.
 */
char *
make_identifier(const char *name, const char *suffix, List **taken)
{
	size_t		length;
	StringInfoData buf;
	char	   *result;

	initStringInfo(&buf);
	if (name[0] == '\0' || strchr(LETTERS, name[0]) == NULL)
		appendStringInfoChar(&buf, 'x');
	for (const char *p = name; *p; p++)
	{
		if (strchr(LETTERS DIGITS, *p))
			appendStringInfoChar(&buf, *p);
		else if (buf.data[buf.len - 1] != '_' || *p == '_')
			appendStringInfoChar(&buf, '_');
	}
	length = strlen(suffix);
	if ((size_t) buf.len <= length ||
		strcmp(buf.data + buf.len - length, suffix) != 0)
		appendStringInfoString(&buf, suffix);

	result = buf.data;
	for (int i = 2; is_member(*taken, result); i++)
		result = psprintf("%s_%d", buf.data, i);
	*taken = lappend(*taken, result);
	return result;
}
