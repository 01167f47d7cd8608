/*-------------------------------------------------------------------------
 *
 * literal.c
 *	  JSON values of a definition as literals of PostgreSQL
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "declare.h"

static char *array_literal(const ColumnSpec *column, JsonbContainer *array);
static void check_enum_literal(const ColumnSpec *column, const char *label);

char *
string_of(const JsonbValue *value)
{
	return pnstrdup(value->val.string.val, value->val.string.len);
}

char *
number_of(const JsonbValue *value)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out,
											   NumericGetDatum(value->val.numeric)));
}

static char *
json_of(const JsonbValue *value)
{
	return JsonbToCString(NULL, value->val.binary.data, value->val.binary.len);
}

/* As JavaScript prints it: without a space after a comma or a colon */
static char *
compact_json(char *json)
{
	char	   *to = json;
	bool		quoted = false;

	for (const char *from = json; *from; from++)
	{
		if (*from == '"')
			quoted = !quoted;
		else if (*from == '\\')
			*to++ = *from++;
		if (quoted || *from != ' ')
			*to++ = *from;
	}
	*to = '\0';
	return json;
}

static bool
is_json_type(Oid type)
{
	return type == JSONOID || type == JSONBOID;
}

/*
 * Convert a JSON value to a literal of the column's type.  A string is the
 * literal itself, as in TypeORM, also if the type is json or an array.
 */
char *
default_literal(const ColumnSpec *column, const JsonbValue *value)
{
	char	   *literal = NULL;
	Oid			type = OidIsValid(column->type) ? getBaseType(column->type) : InvalidOid;
	bool		is_enum = column->enum_labels != NIL;
	bool		simple_array = strcmp(column->type_name, "simple-array") == 0;
	bool		simple_json = strcmp(column->type_name, "simple-json") == 0;

	switch (value->type)
	{
		case jbvString:
			literal = string_of(value);
			break;

		case jbvNumeric:
			literal = number_of(value);
			break;

		case jbvBool:
			if (type == BOOLOID || is_json_type(type) || simple_json)
				literal = value->val.boolean ? "true" : "false";
			break;

		case jbvBinary:
			if (is_array(value) && (column->is_array || simple_array))
				return array_literal(column, value->val.binary.data);
			if (!column->is_array && !is_enum && !simple_array)
				literal = simple_json ? compact_json(json_of(value)) : json_of(value);
			break;

		default:
			break;
	}

	if (literal == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"default\" of property \"%s\" does not fit type \"%s\"%s",
						column->property, column->type_name,
						column->is_array ? " as an array" : "")));

	if (is_enum && !column->is_array)
		check_enum_literal(column, literal);
	else if (simple_json && value->type == jbvString)
		check_json_literal(column, literal);
	return literal;
}

/*
 * Convert a JSON array to the literal of an array type, with every element
 * quoted; or, for a simple-array, to its elements joined by commas, as TypeORM
 * stores it.
 */
static char *
array_literal(const ColumnSpec *column, JsonbContainer *array)
{
	StringInfoData buf;
	JsonbIterator *it = JsonbIteratorInit(array);
	JsonbIteratorToken token;
	JsonbValue	element;
	bool		first = true;
	char		delimiter = ',';

	check_stack_depth();

	initStringInfo(&buf);
	if (column->is_array)
		appendStringInfoChar(&buf, '{');
	if (column->is_array && OidIsValid(column->type))
		delimiter = array_delimiter(column);

	(void) JsonbIteratorNext(&it, &element, false);
	while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
	{
		char	   *text = NULL;

		if (token != WJB_ELEM)
			continue;
		if (!first)
			appendStringInfoChar(&buf, delimiter);
		first = false;
		CHECK_FOR_INTERRUPTS();

		if (element.type == jbvString)
			text = string_of(&element);
		else if (element.type == jbvNumeric)
			text = number_of(&element);
		else if (element.type == jbvBool)
			text = element.val.boolean ? "true" : "false";

		if (!column->is_array)
		{
			if (text == NULL || strchr(text, ','))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("each element of the default of property \"%s\" must be a string without a comma, or a number",
								column->property),
						 errdetail("A simple-array is stored as its elements with commas between them.")));
			appendStringInfoString(&buf, text);
			continue;
		}

		if (element.type == jbvNull)
		{
			appendStringInfoString(&buf, "NULL");
			continue;
		}
		if (is_array(&element) && !is_json_type(element_type(column)))
		{
			appendStringInfoString(&buf,
								   array_literal(column, element.val.binary.data));
			continue;
		}
		if (text == NULL)
			text = json_of(&element);

		if (column->enum_labels)
			check_enum_literal(column, text);

		appendStringInfoChar(&buf, '"');
		for (const char *p = text; *p; p++)
		{
			if (*p == '"' || *p == '\\')
				appendStringInfoChar(&buf, '\\');
			appendStringInfoChar(&buf, *p);
		}
		appendStringInfoChar(&buf, '"');
	}

	if (column->is_array)
		appendStringInfoChar(&buf, '}');
	return buf.data;
}

/*
 * Raise an ERROR if the enum, which may not exist yet, has no such label.
 */
static void
check_enum_literal(const ColumnSpec *column, const char *label)
{
	ListCell   *lc;

	foreach(lc, column->enum_labels)
	{
		if (strcmp(lfirst(lc), label) == 0)
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("default \"%s\" of property \"%s\" is not one of its labels",
					label, column->property)));
}

bool
is_array(const JsonbValue *value)
{
	return value->type == jbvBinary &&
		JsonContainerIsArray(value->val.binary.data);
}

bool
is_object(const JsonbValue *value)
{
	return value->type == jbvBinary &&
		JsonContainerIsObject(value->val.binary.data);
}
