/*-------------------------------------------------------------------------
 *
 * push.c
 *	  A description as jsonb, part by part
 *
 * Each function adds a member to an object or, if "key" is NULL, an element to
 * an array.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "describe.h"

static void
push_key(JsonbParseState **state, const char *key)
{
	JsonbValue	value;

	if (key == NULL)
		return;
	value.type = jbvString;
	value.val.string.val = unconstify(char *, key);
	value.val.string.len = strlen(key);
	pushJsonbValue(state, WJB_KEY, &value);
}

/*
 * A value of any kind.
 */
void
push_value(JsonbParseState **state, const char *key, JsonbValue *value)
{
	push_key(state, key);
	pushJsonbValue(state, key ? WJB_VALUE : WJB_ELEM, value);
}

/*
 * A string.
 */
void
push_string(JsonbParseState **state, const char *key, const char *string)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, string);
	value.val.string.len = strlen(string);
	push_value(state, key, &value);
}

/*
 * An array of strings.
 */
void
push_strings(JsonbParseState **state, const char *key, List *strings)
{
	ListCell   *lc;

	begin_array(state, key);
	foreach(lc, strings)
		push_string(state, NULL, lfirst(lc));
	end_array(state);
}

/*
 * A boolean.
 */
void
push_boolean(JsonbParseState **state, const char *key, bool boolean)
{
	JsonbValue	value;

	value.type = jbvBool;
	value.val.boolean = boolean;
	push_value(state, key, &value);
}

/*
 * A number that is written as in JSON.
 */
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

/*
 * An integer.
 */
void
push_int(JsonbParseState **state, const char *key, int number)
{
	push_number(state, key, psprintf("%d", number));
}

/*
 * Begin an object, or the description itself, whose key is NULL.  What is pushed
 * next are its members.
 */
void
begin_object(JsonbParseState **state, const char *key)
{
	push_key(state, key);
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
}

/*
 * End an object.  Returns the description, if that is it.
 */
JsonbValue *
end_object(JsonbParseState **state)
{
	return pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/*
 * Begin an array.  What is pushed next are its elements.
 */
void
begin_array(JsonbParseState **state, const char *key)
{
	push_key(state, key);
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
}

/*
 * End an array.
 */
void
end_array(JsonbParseState **state)
{
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
}
