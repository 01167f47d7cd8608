/*-------------------------------------------------------------------------
 *
 * infer.c
 *	  The definition of properties, from values that they have
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <ctype.h>

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/json.h"

#include "compat.h"
#include "declare.h"

#define SEEN_BOOLEAN	0x001
#define SEEN_INT		0x002
#define SEEN_BIGINT		0x004
#define SEEN_NUMERIC	0x008
#define SEEN_DATE		0x010
#define SEEN_TIMESTAMP	0x020
#define SEEN_UUID		0x040
#define SEEN_BYTES		0x080
#define SEEN_TEXT		0x100
#define SEEN_JSON		0x200
#define SEEN_ARRAY		0x400

/* A type for the kinds of values of which no other occurs; the first one fits */
static const struct
{
	int			seen;
	const char *type_name;
}			inferences[] =
{
	{SEEN_BOOLEAN, "boolean"},
	{SEEN_INT, "int"},
	{SEEN_INT | SEEN_BIGINT, "bigint"},
	{SEEN_INT | SEEN_BIGINT | SEEN_NUMERIC, "numeric"},
	{SEEN_DATE, "date"},
	{SEEN_DATE | SEEN_TIMESTAMP, "timestamp"},
	{SEEN_UUID, "uuid"},
	{SEEN_BYTES, "bytea"},
	{SEEN_JSON | SEEN_ARRAY, "jsonb"},
	{~(SEEN_JSON | SEEN_ARRAY), "varchar"},
	{~0, "jsonb"}
};

static int	kind_of_value(const ForeignValue *value);
static int	kind_of_number(const char *number);
static int	kind_of_text(const char *text);
static bool has_shape(const char *text, const char *shape);
static bool is_time(const char *text);
static void note_elements(UnknownKey *unknown, JsonbContainer *array);
static const char *infer_type(int seen);
static char *infer_property(const char *key);

/*
 * The key has this value in some row.
 */
void
note_value(UnknownKey *unknown, const JsonbValue *json)
{
	ForeignValue value = read_foreign(json);

	if (value.kind == FOREIGN_ARRAY)
		note_elements(unknown, value.json);
	unknown->seen |= kind_of_value(&value);
}

static int
kind_of_value(const ForeignValue *value)
{
	switch (value->kind)
	{
		case FOREIGN_NULL:
			return 0;
		case FOREIGN_TEXT:
			return kind_of_text(value->text);
		case FOREIGN_NUMBER:
			return kind_of_number(value->text);
		case FOREIGN_BOOLEAN:
			return SEEN_BOOLEAN;
		case FOREIGN_TIME:
			return SEEN_TIMESTAMP;
		case FOREIGN_BYTES:
			return SEEN_BYTES;
		case FOREIGN_ARRAY:
			return SEEN_ARRAY;
		case FOREIGN_OBJECT:
			return SEEN_JSON;
	}
	return 0;
}

static int
kind_of_number(const char *number)
{
	const char *digits = number + (*number == '-' ? 1 : 0);
	size_t		length = strlen(digits);

	if (strspn(digits, "0123456789") != length)
		return SEEN_NUMERIC;
	if (length < 10 || (length == 10 && strcmp(digits, "2147483647") <= 0))
		return SEEN_INT;
	if (length < 19 || (length == 19 && strcmp(digits, "9223372036854775807") <= 0))
		return SEEN_BIGINT;
	return SEEN_NUMERIC;
}

static int
kind_of_text(const char *text)
{
	if (has_shape(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"))
		return SEEN_UUID;
	if (is_time(text))
		return text[10] == '\0' ? SEEN_DATE : SEEN_TIMESTAMP;
	return is_json_container(text) ? SEEN_JSON : SEEN_TEXT;
}

/*
 * Does the text begin with digits, or hexadecimal ones, where the shape has 0
 * or x, and with the shape's other characters?  Is that all of it, if the last
 * is x?
 */
static bool
has_shape(const char *text, const char *shape)
{
	for (; *shape; text++, shape++)
	{
		if (*shape == '0' ? !isdigit((unsigned char) *text) :
			*shape == 'x' ? !isxdigit((unsigned char) *text) : *text != *shape)
			return false;
		if (*shape == 'x' && shape[1] == '\0' && text[1] != '\0')
			return false;
	}
	return true;
}

/*
 * Is the text a date or a time that PostgreSQL takes?
 */
static bool
is_time(const char *text)
{
	int			month;
	int			day;

	if (!has_shape(text, "0000-00-00"))
		return false;
	month = atoi(text + 5);
	day = atoi(text + 8);
	if (atoi(text) < 1 || month < 1 || month > 12 || day < 1 ||
		day > (month == 2 ? 28 : 30) + (month == 2 ? 0 : (month + month / 8) % 2))
		return false;
	text += 10;
	if (*text == '\0')
		return true;
	if ((*text != 'T' && *text != ' ') || !has_shape(text + 1, "00:00") ||
		atoi(text + 1) > 23 || atoi(text + 4) > 59)
		return false;
	text += 6;
	if (has_shape(text, ":00") && atoi(text + 1) < 60)
		text += 3;
	if (has_shape(text, ".0"))
		text += 1 + strspn(text + 1, "0123456789");
	if (*text == 'Z')
		text++;
	else if (has_shape(text, "+00") || has_shape(text, "-00"))
		text += has_shape(text + 3, ":00") ? 6 : has_shape(text + 3, "00") ? 5 : 3;
	return *text == '\0';
}

static void
note_elements(UnknownKey *unknown, JsonbContainer *array)
{
	JsonbIterator *it = JsonbIteratorInit(array);
	JsonbIteratorToken token;
	JsonbValue	element;

	(void) JsonbIteratorNext(&it, &element, false);
	while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
	{
		ForeignValue value;

		if (token != WJB_ELEM)
			continue;
		CHECK_FOR_INTERRUPTS();
		value = read_foreign(&element);
		unknown->elements_seen |= kind_of_value(&value);
	}
}

/*
 * The definitions that extend_model() takes, for a list of UnknownKey.  Every
 * property is nullable: rows that are there have no value for it.
 */
char *
infer_definitions(List *unknown)
{
	StringInfoData buf;
	ListCell   *lc;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '{');
	foreach(lc, unknown)
	{
		const UnknownKey *key = lfirst(lc);
		bool		is_array = key->seen == SEEN_ARRAY &&
			(key->elements_seen & (SEEN_JSON | SEEN_ARRAY)) == 0;

		if (buf.len > 1)
			appendStringInfoString(&buf, ", ");
		escape_json(&buf, infer_property(key->key));
		appendStringInfo(&buf, ": {\"type\": \"%s\", %s\"nullable\": true}",
						 infer_type(is_array ? key->elements_seen : key->seen),
						 is_array ? "\"array\": true, " : "");
	}
	appendStringInfoChar(&buf, '}');
	return buf.data;
}

static const char *
infer_type(int seen)
{
	if (seen == 0)
		return "varchar";
	for (size_t i = 0;; i++)
	{
		if ((seen & ~inferences[i].seen) == 0)
			return inferences[i].type_name;
	}
}

/*
 * The property whose key, or whose column's name, is the key.
 */
static char *
infer_property(const char *key)
{
	char	   *property = name_property(key);

	return strcmp(name_column(property), key) == 0 ? property : pstrdup(key);
}
