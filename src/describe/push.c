/*-------------------------------------------------------------------------
 *
 * push.c
 *	  A description as jsonb, member by member
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "describe.h"

void
push_key(JsonbParseState **state, const char *key)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, key);
	value.val.string.len = strlen(key);
	pushJsonbValue(state, WJB_KEY, &value);
}

/* An element of an array if "key" is NULL, else a member of an object */
void
push_value(JsonbParseState **state, const char *key, JsonbValue *value)
{
	if (key)
		push_key(state, key);
	pushJsonbValue(state, key ? WJB_VALUE : WJB_ELEM, value);
}

void
push_string(JsonbParseState **state, const char *key, const char *string)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, string);
	value.val.string.len = strlen(string);
	push_value(state, key, &value);
}

void
push_boolean(JsonbParseState **state, const char *key, bool boolean)
{
	JsonbValue	value;

	value.type = jbvBool;
	value.val.boolean = boolean;
	push_value(state, key, &value);
}

void
push_number(JsonbParseState **state, const char *key, const char *number)
{
	JsonbValue	value;

	value.type = jbvNumeric;
	value.val.numeric =
		DatumGetNumeric(DirectFunctionCall3(numeric_in,
											CStringGetDatum(number),
											ObjectIdGetDatum(InvalidOid),
											Int32GetDatum(-1)));
	push_value(state, key, &value);
}

void
push_int(JsonbParseState **state, const char *key, int number)
{
	push_number(state, key, psprintf("%d", number));
}
