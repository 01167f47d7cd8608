/*-------------------------------------------------------------------------
 *
 * json_row.c
 *	  Rows as JSON
 *
 * A value becomes what to_json() makes of it.  For the usual types that is done
 * here, as to_json() looks its argument's type up at each call.  An id is
 * always text, as Auth.js's are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/json.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "methods.h"

static JsonForm output_of_type(Oid type);
static bool has_cast_to_json(Oid type);
static bool may_run_code(Oid type);
static void append_value(StringInfo buf, const Term *term, Datum value);
static void append_by_function(StringInfo buf, const Term *term, Datum value);
static void append_number(StringInfo buf, const char *text);
static void append_string(StringInfo buf, const char *text, int length);
static bool has_to_escape(const char *text, int length);

/*
 * Set how a term's values become JSON, in a table of that owner.  It lives as
 * long as the present memory context.
 */
void
choose_output(Term *term, Oid owner)
{
	Oid			type = term->base_type;
	Oid			function;
	bool		is_varlena;

	term->output = output_of_type(type);
	if (term->is_id && term->output == JSON_OF_NUMBER)
		term->output = JSON_OF_STRING;
	if (term->output != JSON_BY_FUNCTION)
	{
		getTypeOutputInfo(type, &function, &is_varlena);
		fmgr_info_cxt(function, &term->function, CurrentMemoryContext);
		return;
	}

	if (may_run_code(type))
		term->code_owner = owner;

	/* It asks for the type of its argument */
	fmgr_info_cxt(F_TO_JSON, &term->function, CurrentMemoryContext);
	fmgr_info_set_expr((Node *) makeFuncExpr(F_TO_JSON, JSONOID,
											 list_make1(makeNullConst(type, -1, InvalidOid)),
											 InvalidOid, InvalidOid,
											 COERCE_EXPLICIT_CALL),
					   &term->function);
}

static JsonForm
output_of_type(Oid type)
{
	switch (type)
	{
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			return JSON_OF_TEXT;
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return JSON_OF_TIME;
		case BOOLOID:
			return JSON_OF_BOOLEAN;
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
			return JSON_OF_NUMBER;
		case JSONOID:
		case JSONBOID:
			return JSON_OF_JSON;
		default:
			return OidIsValid(get_element_type(type)) || type_is_rowtype(type) ||
				has_cast_to_json(type) ? JSON_BY_FUNCTION : JSON_OF_STRING;
	}
}

/*
 * to_json() uses a cast that somebody has made for a type of theirs.
 */
static bool
has_cast_to_json(Oid type)
{
	Oid			function;

	return type >= FirstNormalObjectId &&
		find_coercion_pathway(JSONOID, type, COERCION_EXPLICIT,
							  &function) == COERCION_PATH_FUNC;
}

/*
 * Can to_json() meet a cast of somebody's, for the type, its elements or its
 * attributes?
 */
static bool
may_run_code(Oid type)
{
	Oid			element = get_element_type(type);

	return (OidIsValid(element) ? getBaseType(element) : type) >= FirstNormalObjectId;
}

/*
 * Append a row as an object.
 */
void
append_row(StringInfo buf, const MethodRow *row)
{
	const Shape *shape = row->shape;

	appendStringInfoChar(buf, '{');
	for (int i = 0, number = 0; number < shape->read_count; i++)
	{
		const Term *term = &shape->terms[i];

		if (!term->is_read)
			continue;
		appendBinaryStringInfo(buf, term->key, term->key_length);
		if (row->nulls[number])
			appendStringInfoString(buf, "null");
		else
			append_value(buf, term, row->values[number]);
		number++;
	}
	appendStringInfoChar(buf, '}');
}

static void
append_value(StringInfo buf, const Term *term, Datum value)
{
	char		time[MAXDATELEN + 1];
	FmgrInfo   *function = unconstify(FmgrInfo *, &term->function);

	switch (term->output)
	{
		case JSON_OF_TEXT:
			{
				text	   *string = DatumGetTextPP(value);

				append_string(buf, VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string));
			}
			break;
		case JSON_OF_TIME:
			JsonEncodeDateTime(time, value, term->base_type, NULL);
			append_string(buf, time, strlen(time));
			break;
		case JSON_OF_BOOLEAN:
			appendStringInfoString(buf, DatumGetBool(value) ? "true" : "false");
			break;
		case JSON_OF_NUMBER:
			append_number(buf, OutputFunctionCall(function, value));
			break;
		case JSON_OF_JSON:
			appendStringInfoString(buf, OutputFunctionCall(function, value));
			break;
		case JSON_OF_STRING:
			escape_json(buf, OutputFunctionCall(function, value));
			break;
		case JSON_BY_FUNCTION:
			append_by_function(buf, term, value);
			break;
	}
}

/*
 * Append what to_json() makes of the value.  A cast that it meets is code of
 * the table, which runs with its owner's rights, and looks no name up where the
 * caller says.
 */
static void
append_by_function(StringInfo buf, const Term *term, Datum value)
{
	SavedUser	user;
	Datum		json;
	int			nest = 0;

	if (OidIsValid(term->code_owner))
	{
		nest = pin_search_path();
		begin_owner(&user, term->code_owner);
	}
	json = FunctionCall1(unconstify(FmgrInfo *, &term->function), value);
	if (OidIsValid(term->code_owner))
	{
		end_user(&user);
		AtEOXact_GUC(false, nest);
	}
	appendStringInfoString(buf, TextDatumGetCString(json));
}

/*
 * JSON has no NaN and no infinity.
 */
static void
append_number(StringInfo buf, const char *text)
{
	if (text[strcspn(text, "NI")] == '\0')
		appendStringInfoString(buf, text);
	else
		escape_json(buf, text);
}

/*
 * Most strings have nothing to escape, which saves their copy.
 */
static void
append_string(StringInfo buf, const char *text, int length)
{
	if (has_to_escape(text, length))
	{
		escape_json(buf, pnstrdup(text, length));
		return;
	}
	appendStringInfoCharMacro(buf, '"');
	appendBinaryStringInfo(buf, text, length);
	appendStringInfoCharMacro(buf, '"');
}

/*
 * Is there a control character, a quote or a backslash?  This looks at eight
 * bytes together: the lowest byte of "x" that is less than "n" is the lowest
 * whose high bit is set in (x - n of each) & ~x.
 */
static bool
has_to_escape(const char *text, int length)
{
	const uint64 each = UINT64CONST(0x0101010101010101);
	const uint64 high = each << 7;

	for (; length >= (int) sizeof(uint64); text += sizeof(uint64), length -= sizeof(uint64))
	{
		uint64		bytes;
		uint64		quote;
		uint64		backslash;

		memcpy(&bytes, text, sizeof(bytes));
		quote = bytes ^ each * '"';
		backslash = bytes ^ each * '\\';
		if ((((bytes - each * ' ') & ~bytes) | ((quote - each) & ~quote) |
			 ((backslash - each) & ~backslash)) & high)
			return true;
	}
	for (; length > 0; text++, length--)
	{
		if ((unsigned char) *text < ' ' || *text == '"' || *text == '\\')
			return true;
	}
	return false;
}

/*
 * Begin a function's result, which json_datum() makes of the buffer itself.
 */
void
begin_json(StringInfo buf)
{
	initStringInfo(buf);
	buf->len = VARHDRSZ;
}

Datum
json_datum(StringInfo buf)
{
	SET_VARSIZE(buf->data, buf->len);
	return PointerGetDatum(buf->data);
}

/*
 * A row as a function's result: null if there is none.
 */
Datum
row_datum(FunctionCallInfo fcinfo, const MethodRow *row)
{
	StringInfoData buf;

	if (row == NULL)
		PG_RETURN_NULL();
	begin_json(&buf);
	append_row(&buf, row);
	return json_datum(&buf);
}

/*
 * Rows as an array.
 */
Datum
rows_datum(List *rows)
{
	StringInfoData buf;
	ListCell   *lc;

	begin_json(&buf);
	appendStringInfoChar(&buf, '[');
	foreach(lc, rows)
	{
		if (lc != list_head(rows))
			appendStringInfoString(&buf, ", ");
		append_row(&buf, lfirst(lc));
	}
	appendStringInfoChar(&buf, ']');
	return json_datum(&buf);
}
