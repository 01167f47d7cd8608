/*-------------------------------------------------------------------------
 *
 * foreign_value.c
 *	  Values of other engines, in JSON, as text for PostgreSQL's input functions
 *
 * MongoDB writes its types as Extended JSON, canonical or relaxed; MySQL and
 * SQLite have numbers for booleans, text for JSON, and bytes in hexadecimal or
 * base64.  Times without a zone are of UTC: the caller sets TimeZone.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <math.h>

#include "common/int.h"
#include "common/jsonapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "declare.h"

/* A larger number counts milliseconds since 1970, not seconds */
#define MAX_SECONDS 100000000000.0

#define UNIX_EPOCH_USECS \
	((POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

/* What MySQL writes before bytes in base64, with a number of the type */
#define BASE64_PREFIX "base64:"

typedef bool (*Reader) (const JsonbValue *value, ForeignValue *result);

static bool read_extended(JsonbContainer *object, ForeignValue *result);
static bool read_foreign_text(const JsonbValue *value, ForeignValue *result);
static bool read_number(const JsonbValue *value, ForeignValue *result);
static bool read_date(const JsonbValue *value, ForeignValue *result);
static bool read_timestamp(const JsonbValue *value, ForeignValue *result);
static bool read_binary(const JsonbValue *value, ForeignValue *result);
static bool read_undefined(const JsonbValue *value, ForeignValue *result);
static char *scalar_text(Oid type, const ForeignValue *value);
static char *number_text(const char *number);
static char *time_text(Oid type, const ForeignValue *value);
static bool is_epoch(const char *text);
static char *print_epoch(const char *number, bool milliseconds);
static char *utc_text(const char *text);
static char *bytes_text(Oid type, const ForeignValue *value);
static char *hex_of(const char *text);
static char *hex_of_base64(const char *base64);
static char *json_text(const ForeignValue *value);
static void append_json(StringInfo buf, const ForeignValue *value);
static void append_container(StringInfo buf, JsonbContainer *container);
static char *simple_json_text(const ForeignValue *value);
static char *array_text(const ForeignTarget *target, const ForeignValue *value);
static void append_elements(StringInfo buf, const ForeignTarget *target,
							JsonbContainer *array);
static char *split_text(const ForeignTarget *target, const char *text);
static char *joined_text(JsonbContainer *array);

/* The types that Extended JSON writes as {"$name": value} */
static const struct
{
	const char *name;
	Reader		read;
}			wrappers[] =
{
	{"$oid", read_foreign_text},
	{"$uuid", read_foreign_text},
	{"$symbol", read_foreign_text},
	{"$code", read_foreign_text},
	{"$numberInt", read_number},
	{"$numberLong", read_number},
	{"$numberDouble", read_number},
	{"$numberDecimal", read_number},
	{"$date", read_date},
	{"$timestamp", read_timestamp},
	{"$binary", read_binary},
	{"$undefined", read_undefined},
	{NULL, NULL}
};

/*
 * What values of the column are to be converted to.
 */
ForeignTarget
foreign_target(const ColumnSpec *column)
{
	ForeignTarget target = {0};
	Oid			type = getBaseType(column->type);
	Oid			element = get_element_type(type);
	const char *declared = column->type_name ? column->type_name : "";

	target.is_array = OidIsValid(element);
	target.type = target.is_array ? getBaseType(element) : type;
	target.delimiter = target.is_array ? array_delimiter(column) : ',';
	target.is_simple_array = strcmp(declared, "simple-array") == 0;
	target.is_simple_json = strcmp(declared, "simple-json") == 0;
	return target;
}

/*
 * A value as the text that the input function of the target takes; NULL if it
 * is null.
 *
 * Raise an ERROR if it is malformed; the input function checks the rest.
 */
char *
foreign_text(const ForeignTarget *target, const JsonbValue *json)
{
	ForeignValue value = read_foreign(json);

	if (value.kind == FOREIGN_NULL)
		return NULL;
	if (target->is_array)
		return array_text(target, &value);
	if (target->is_simple_array && value.kind == FOREIGN_ARRAY)
		return joined_text(value.json);
	if (target->is_simple_json)
		return simple_json_text(&value);
	return scalar_text(target->type, &value);
}

/*
 * What a JSON value is, with Extended JSON taken apart.
 */
ForeignValue
read_foreign(const JsonbValue *value)
{
	ForeignValue result = {FOREIGN_NULL, NULL, NULL};

	switch (value->type)
	{
		case jbvString:
			result.kind = FOREIGN_TEXT;
			result.text = string_of(value);
			break;

		case jbvNumeric:
			result.kind = FOREIGN_NUMBER;
			result.text = number_of(value);
			break;

		case jbvBool:
			result.kind = FOREIGN_BOOLEAN;
			result.text = pstrdup(value->val.boolean ? "true" : "false");
			break;

		case jbvBinary:
			result.json = value->val.binary.data;
			if (is_array(value))
				result.kind = FOREIGN_ARRAY;
			else if (!read_extended(result.json, &result))
				result.kind = FOREIGN_OBJECT;
			break;

		default:
			break;
	}
	return result;
}

/*
 * Is the object a value of Extended JSON?  Then read it.
 */
static bool
read_extended(JsonbContainer *object, ForeignValue *result)
{
	JsonbValue	buffer;

	/* Before version 2, binary data had its type in a key beside it */
	if (JsonContainerSize(object) != 1 &&
		!(JsonContainerSize(object) == 2 &&
		  getKeyJsonValueFromContainer(object, "$binary", 7, &buffer) &&
		  getKeyJsonValueFromContainer(object, "$type", 5, &buffer)))
		return false;
	for (int i = 0; wrappers[i].name; i++)
	{
		if (getKeyJsonValueFromContainer(object, wrappers[i].name,
										 strlen(wrappers[i].name), &buffer))
			return wrappers[i].read(&buffer, result);
	}
	return false;
}

static bool
read_foreign_text(const JsonbValue *value, ForeignValue *result)
{
	if (value->type != jbvString)
		return false;
	result->kind = FOREIGN_TEXT;
	result->text = string_of(value);
	return true;
}

static bool
read_number(const JsonbValue *value, ForeignValue *result)
{
	if (value->type != jbvString && value->type != jbvNumeric)
		return false;
	result->kind = FOREIGN_NUMBER;
	result->text = value->type == jbvString ? string_of(value) : number_of(value);
	return true;
}

/*
 * A time: its text, or a number of milliseconds, which may be Extended JSON.
 */
static bool
read_date(const JsonbValue *value, ForeignValue *result)
{
	ForeignValue date = read_foreign(value);

	if (date.kind != FOREIGN_TEXT && date.kind != FOREIGN_NUMBER)
		return false;
	result->kind = FOREIGN_TIME;
	result->text = date.kind == FOREIGN_TEXT ? date.text :
		print_epoch(date.text, true);
	return true;
}

/*
 * MongoDB's own time: {"t": seconds, "i": number within the second}.
 */
static bool
read_timestamp(const JsonbValue *value, ForeignValue *result)
{
	JsonbValue	seconds;

	if (!is_object(value) ||
		!getKeyJsonValueFromContainer(value->val.binary.data, "t", 1, &seconds) ||
		seconds.type != jbvNumeric)
		return false;
	result->kind = FOREIGN_TIME;
	result->text = print_epoch(number_of(&seconds), false);
	return true;
}

static bool
read_binary(const JsonbValue *value, ForeignValue *result)
{
	JsonbValue	base64 = *value;

	if (is_object(value) &&
		!getKeyJsonValueFromContainer(value->val.binary.data, "base64", 6, &base64))
		return false;
	if (base64.type != jbvString)
		return false;
	result->kind = FOREIGN_BYTES;
	result->text = string_of(&base64);
	return true;
}

static bool
read_undefined(const JsonbValue *value pg_attribute_unused(),
			   ForeignValue *result)
{
	result->kind = FOREIGN_NULL;
	return true;
}

/*
 * A value, not null, as text for a type that is no array.
 */
static char *
scalar_text(Oid type, const ForeignValue *value)
{
	switch (type)
	{
		case JSONOID:
		case JSONBOID:
			return json_text(value);

		case BYTEAOID:
		case UUIDOID:
		case BOOLOID:
		case BITOID:
		case VARBITOID:
			return bytes_text(type, value);

		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return time_text(type, value);

		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
			if (value->kind == FOREIGN_BOOLEAN)
				return pstrdup(strcmp(value->text, "true") == 0 ? "1" : "0");
			if (value->kind == FOREIGN_NUMBER && type == NUMERICOID)
				return value->text;
			break;

		default:
			break;
	}
	if (value->kind == FOREIGN_NUMBER)
		return number_text(value->text);
	return value->json && value->text == NULL ? json_text(value) : value->text;
}

/*
 * A number as JavaScript prints it: 4711 for 4711.0, as an id of an account is
 * looked up.
 */
static char *
number_text(const char *number)
{
	char	   *result = pstrdup(number);
	char	   *point = strchr(result, '.');
	char	   *end = result + strlen(result);

	if (point && point[1 + strspn(point + 1, "0123456789")] == '\0')
	{
		while (end[-1] == '0')
			end--;
		if (end[-1] == '.')
			end--;
		*end = '\0';
	}
	return result;
}

static char *
time_text(Oid type, const ForeignValue *value)
{
	char	   *text = value->text;

	if (text == NULL)
		return json_text(value);
	if (value->kind == FOREIGN_NUMBER ||
		(value->kind == FOREIGN_TEXT && is_epoch(text)))
		text = print_epoch(text, fabs(strtod(text, NULL)) > MAX_SECONDS);
	return type == TIMESTAMPOID ? utc_text(text) : text;
}

/*
 * Is the text a number of seconds or milliseconds since 1970?  Other lengths
 * are those of dates and times without separators.
 */
static bool
is_epoch(const char *text)
{
	size_t		digits = strspn(text, "0123456789");

	return text[digits] == '\0' && (digits == 10 || digits == 13);
}

/*
 * A number of seconds or milliseconds since 1970, as JavaScript prints a time.
 */
static char *
print_epoch(const char *number, bool milliseconds)
{
	Datum		numeric = DirectFunctionCall3(numeric_in, CStringGetDatum(number),
											  ObjectIdGetDatum(InvalidOid),
											  Int32GetDatum(-1));
	Datum		factor = DirectFunctionCall1(int8_numeric,
											 Int64GetDatum(milliseconds ? 1000 : USECS_PER_SEC));
	Timestamp	timestamp = DatumGetInt64(DirectFunctionCall1(numeric_int8,
															  DirectFunctionCall2(numeric_mul, numeric, factor)));
	struct pg_tm tm;
	fsec_t		fsec;
	bool		is_bc;

	if (pg_sub_s64_overflow(timestamp, UNIX_EPOCH_USECS, &timestamp) ||
		!IS_VALID_TIMESTAMP(timestamp) ||
		timestamp2tm(timestamp, NULL, &tm, &fsec, NULL, NULL) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("time \"%s\" is out of range", number)));
	is_bc = tm.tm_year <= 0;
	return psprintf("%04d-%02d-%02dT%02d:%02d:%02d.%0*dZ%s",
					is_bc ? 1 - tm.tm_year : tm.tm_year, tm.tm_mon, tm.tm_mday,
					tm.tm_hour, tm.tm_min, tm.tm_sec,
					fsec % 1000 == 0 ? 3 : 6,
					fsec % 1000 == 0 ? (int) fsec / 1000 : (int) fsec,
					is_bc ? " BC" : "");
}

/*
 * A time, which may have a zone, as the time in UTC that type timestamp takes:
 * its input function would ignore the zone.
 */
static char *
utc_text(const char *text)
{
	Datum		time = DirectFunctionCall3(timestamptz_in, CStringGetDatum(text),
										   ObjectIdGetDatum(InvalidOid),
										   Int32GetDatum(-1));

	return DatumGetCString(DirectFunctionCall1(timestamp_out, time));
}

/*
 * Text for a type that another engine may have as bytes.
 *
 * Raise an ERROR if text for bytea is neither hexadecimal nor base64.
 */
static char *
bytes_text(Oid type, const ForeignValue *value)
{
	char	   *hex = NULL;

	if (value->kind == FOREIGN_BYTES)
		hex = hex_of_base64(value->text);
	else if (value->kind == FOREIGN_TEXT &&
			 (type == BYTEAOID ||
			  strncmp(value->text, BASE64_PREFIX, strlen(BASE64_PREFIX)) == 0))
		hex = hex_of(value->text);
	if (hex == NULL)
	{
		if (value->kind == FOREIGN_NUMBER)
			return number_text(value->text);
		return value->text ? value->text : json_text(value);
	}

	switch (type)
	{
		case BYTEAOID:
			return psprintf("\\x%s", hex);
		case BOOLOID:
			return pstrdup(hex[strspn(hex, "0")] == '\0' ? "false" : "true");
		case UUIDOID:
			return hex;
		default:
			return psprintf("x%s", hex);
	}
}

/*
 * Bytes, as another engine writes them, in hexadecimal.
 *
 * Raise an ERROR if they are neither hexadecimal nor base64.
 */
static char *
hex_of(const char *text)
{
	const char *hex = text;
	size_t		length;

	if (strncmp(text, BASE64_PREFIX, strlen(BASE64_PREFIX)) == 0)
		return hex_of_base64(strrchr(text, ':') + 1);
	if (strncmp(text, "\\x", 2) == 0 || strncmp(text, "0x", 2) == 0)
		hex += 2;
	length = strlen(hex);
	if (length % 2 == 0 && strspn(hex, "0123456789abcdefABCDEF") == length)
		return pstrdup(hex);
	if (hex == text && length % 4 == 0 &&
		strspn(hex, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") == length)
		return hex_of_base64(hex);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid value for type bytea"),
			 errdetail("It is neither hexadecimal, which may begin with \\x or 0x, nor base64.")));
}

static char *
hex_of_base64(const char *base64)
{
	bytea	   *bytes = DatumGetByteaPP(DirectFunctionCall2(binary_decode,
															CStringGetTextDatum(base64),
															CStringGetTextDatum("base64")));
	char	   *hex = palloc0(VARSIZE_ANY_EXHDR(bytes) * 2 + 1);

	hex_encode(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), hex);
	return hex;
}

/*
 * Is the text a JSON object or array?
 */
bool
is_json_container(const char *text)
{
	const char *start = text + strspn(text, " \t\r\n");

	if (*start != '{' && *start != '[')
		return false;
	return is_json(text);
}

bool
is_json(const char *text)
{
	JsonLexContext *lex = makeJsonLexContextCstringLen(NULL, unconstify(char *, text),
													   strlen(text),
													   GetDatabaseEncoding(), false);

	return pg_parse_json(lex, &nullSemAction) == JSON_SUCCESS;
}

/*
 * A value for a column of JSON.  An engine without such a type has it as text.
 */
static char *
json_text(const ForeignValue *value)
{
	StringInfoData buf;

	if (value->kind == FOREIGN_TEXT && is_json_container(value->text))
		return value->text;
	initStringInfo(&buf);
	append_json(&buf, value);
	return buf.data;
}

/*
 * Print a value as JavaScript does, with Extended JSON as plain JSON.
 */
static void
append_json(StringInfo buf, const ForeignValue *value)
{
	switch (value->kind)
	{
		case FOREIGN_NULL:
			appendStringInfoString(buf, "null");
			break;

		case FOREIGN_NUMBER:
			/* JSON has no NaN and no Infinity */
			if (is_json(value->text))
			{
				appendStringInfoString(buf, value->text);
				break;
			}
			/* FALLTHROUGH */

		case FOREIGN_TEXT:
		case FOREIGN_TIME:
		case FOREIGN_BYTES:
			escape_json(buf, value->text);
			break;

		case FOREIGN_BOOLEAN:
			appendStringInfoString(buf, value->text);
			break;

		case FOREIGN_ARRAY:
		case FOREIGN_OBJECT:
			append_container(buf, value->json);
			break;
	}
}

static void
append_container(StringInfo buf, JsonbContainer *container)
{
	bool		is_object = JsonContainerIsObject(container);
	JsonbIterator *it = JsonbIteratorInit(container);
	JsonbIteratorToken token;
	JsonbValue	item;
	bool		first = true;

	check_stack_depth();
	appendStringInfoChar(buf, is_object ? '{' : '[');
	(void) JsonbIteratorNext(&it, &item, false);
	while ((token = JsonbIteratorNext(&it, &item, true)) != WJB_DONE)
	{
		ForeignValue value;

		if (token != WJB_KEY && token != WJB_VALUE && token != WJB_ELEM)
			continue;
		CHECK_FOR_INTERRUPTS();
		if (token != WJB_VALUE && !first)
			appendStringInfoChar(buf, ',');
		first = false;
		value = read_foreign(&item);
		append_json(buf, &value);
		if (token == WJB_KEY)
			appendStringInfoChar(buf, ':');
	}
	appendStringInfoChar(buf, is_object ? '}' : ']');
}

/*
 * A value for type simple-json, which TypeORM stores as text.
 */
static char *
simple_json_text(const ForeignValue *value)
{
	StringInfoData buf;

	if (value->kind == FOREIGN_TEXT && is_json(value->text))
		return value->text;
	initStringInfo(&buf);
	append_json(&buf, value);
	return buf.data;
}

/*
 * A value for an array: a JSON array, its text, PostgreSQL's own text, or the
 * elements with commas between them, as TypeORM's simple-array.
 */
static char *
array_text(const ForeignTarget *target, const ForeignValue *value)
{
	StringInfoData buf;
	JsonbContainer *array = value->json;

	if (value->kind == FOREIGN_TEXT)
	{
		const char *start = value->text + strspn(value->text, " \t\r\n");

		if (*start == '{' && value->text[strlen(value->text) - 1] == '}' &&
			target->type != JSONOID && target->type != JSONBOID)
			return value->text;
		if (*start != '[' || !is_json(value->text))
			return split_text(target, value->text);
		array = &DatumGetJsonbP(DirectFunctionCall1(jsonb_in,
													CStringGetDatum(value->text)))->root;
	}
	else if (value->kind != FOREIGN_ARRAY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("value is not an array")));
	initStringInfo(&buf);
	append_elements(&buf, target, array);
	return buf.data;
}

static void
append_elements(StringInfo buf, const ForeignTarget *target,
				JsonbContainer *array)
{
	bool		is_json = target->type == JSONOID || target->type == JSONBOID;
	JsonbIterator *it = JsonbIteratorInit(array);
	JsonbIteratorToken token;
	JsonbValue	element;
	bool		first = true;

	check_stack_depth();
	appendStringInfoChar(buf, '{');
	(void) JsonbIteratorNext(&it, &element, false);
	while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
	{
		ForeignValue value;

		if (token != WJB_ELEM)
			continue;
		CHECK_FOR_INTERRUPTS();
		if (!first)
			appendStringInfoChar(buf, target->delimiter);
		first = false;
		value = read_foreign(&element);
		if (value.kind == FOREIGN_NULL)
			appendStringInfoString(buf, "NULL");
		else if (value.kind == FOREIGN_ARRAY && !is_json)
			append_elements(buf, target, value.json);
		else
			append_element(buf, scalar_text(target->type, &value));
	}
	appendStringInfoChar(buf, '}');
}

static char *
split_text(const ForeignTarget *target, const char *text)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '{');
	for (const char *start = text; *text;)
	{
		const char *end = start + strcspn(start, ",");
		ForeignValue value = {FOREIGN_TEXT, pnstrdup(start, end - start), NULL};

		append_element(&buf, scalar_text(target->type, &value));
		if (*end == '\0')
			break;
		appendStringInfoChar(&buf, target->delimiter);
		start = end + 1;
	}
	appendStringInfoChar(&buf, '}');
	return buf.data;
}

/*
 * The elements of an array as type simple-array stores them.
 *
 * Raise an ERROR if they would be read as others.
 */
static char *
joined_text(JsonbContainer *array)
{
	StringInfoData buf;
	JsonbIterator *it = JsonbIteratorInit(array);
	JsonbIteratorToken token;
	JsonbValue	element;
	bool		first = true;

	initStringInfo(&buf);
	(void) JsonbIteratorNext(&it, &element, false);
	while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
	{
		ForeignValue value;
		char	   *text;

		if (token != WJB_ELEM)
			continue;
		value = read_foreign(&element);
		text = value.kind == FOREIGN_NULL ? NULL : scalar_text(TEXTOID, &value);
		if (text == NULL || strchr(text, ','))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("element of a simple-array is null or contains a comma"),
					 errdetail("A simple-array is stored as its elements with commas between them.")));
		appendStringInfo(&buf, "%s%s", first ? "" : ",", text);
		first = false;
	}
	return buf.data;
}
