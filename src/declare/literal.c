/*-------------------------------------------------------------------------
 *
 * literal.c
 *	  JSON values of a definition as literals of PostgreSQL
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "declare.h"

static char *scalar_text(const JsonbValue *value);
static char *array_literal(const ColumnSpec *column, JsonbContainer *array);
static char *simple_array_literal(const ColumnSpec *column,
								  JsonbContainer *array);
static void check_enum_literal(const ColumnSpec *column, const char *label);

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
			if (is_array(value) && column->is_array)
				return array_literal(column, value->val.binary.data);
			if (is_array(value) && simple_array)
				return simple_array_literal(column, value->val.binary.data);
			if (!column->is_array && !is_enum && !simple_array)
				literal = simple_json ? compact_json(json_of(value)) : json_of(value);
			break;

		default:
			break;
	}

	if (literal == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 column->is_array ?
				 errmsg("option \"default\" of property \"%s\" does not fit an array of type \"%s\"",
						column->property, column->type_name) :
				 errmsg("option \"default\" of property \"%s\" does not fit type \"%s\"",
						column->property, column->type_name)));

	if (is_enum && !column->is_array)
		check_enum_literal(column, literal);
	else if (simple_json && value->type == jbvString)
		check_json_literal(column, literal);
	return literal;
}

/*
 * A string, a number or a boolean as text; NULL for other values.
 */
static char *
scalar_text(const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvString:
			return string_of(value);
		case jbvNumeric:
			return number_of(value);
		case jbvBool:
			return pstrdup(value->val.boolean ? "true" : "false");
		default:
			return NULL;
	}
}

/*
 * Convert a JSON array to the literal of an array type, with every element
 * quoted.
 */
static char *
array_literal(const ColumnSpec *column, JsonbContainer *array)
{
	StringInfoData buf;
	JsonbIterator *it = JsonbIteratorInit(array);
	char	   *name;
	JsonbValue	element;
	char		delimiter = OidIsValid(column->type) ? array_delimiter(column) : ',';

	check_stack_depth();

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '{');
	while (next_json_value(&it, &name, &element))
	{
		CHECK_FOR_INTERRUPTS();

		if (buf.len > 1)
			appendStringInfoChar(&buf, delimiter);
		if (element.type == jbvNull)
			appendStringInfoString(&buf, "NULL");
		else if (is_array(&element) && !is_json_type(element_type(column)))
			appendStringInfoString(&buf,
								   array_literal(column, element.val.binary.data));
		else
		{
			char	   *text = scalar_text(&element);

			if (text == NULL)
				text = json_of(&element);
			if (column->enum_labels)
				check_enum_literal(column, text);
			append_element(&buf, text);
		}
	}
	appendStringInfoChar(&buf, '}');
	return buf.data;
}

/*
 * Append an element of an array's literal, in quotes.
 */
void
append_element(StringInfo buf, const char *text)
{
	appendStringInfoChar(buf, '"');
	for (const char *p = text; *p; p++)
	{
		if (*p == '"' || *p == '\\')
			appendStringInfoChar(buf, '\\');
		appendStringInfoChar(buf, *p);
	}
	appendStringInfoChar(buf, '"');
}

/*
 * Convert a JSON array to the literal of a simple-array: the elements joined by
 * commas, as TypeORM stores it.
 */
static char *
simple_array_literal(const ColumnSpec *column, JsonbContainer *array)
{
	StringInfoData buf;
	const char *comma = "";
	JsonbIterator *it = JsonbIteratorInit(array);
	char	   *name;
	JsonbValue	element;

	initStringInfo(&buf);
	while (next_json_value(&it, &name, &element))
	{
		char	   *text = scalar_text(&element);

		CHECK_FOR_INTERRUPTS();

		if (text == NULL || strchr(text, ','))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("each element of the default of property \"%s\" must be a string without a comma, or a number",
							column->property),
					 errdetail("A simple-array is stored as its elements with commas between them.")));
		appendStringInfo(&buf, "%s%s", comma, text);
		comma = ",";
	}
	return buf.data;
}

/*
 * Raise an ERROR if the enum, which may not exist yet, has no such label.
 */
static void
check_enum_literal(const ColumnSpec *column, const char *label)
{
	if (!is_member(column->enum_labels, label))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("default \"%s\" of property \"%s\" is not one of its labels",
						label, column->property)));
}
