/*-------------------------------------------------------------------------
 *
 * options.c
 *	  JSON of a definition: its values, and objects read by a table of options
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/string.h"
#include "utils/fmgrprotos.h"

#include "compat.h"
#include "declare.h"

static const Option *lookup_option(const OptionTable *table, const char *name,
								   const char *owner);
static const char *parse_integer(int *field, const char *text);

/*
 * The text of a JSON string.
 */
char *
string_of(const JsonbValue *value)
{
	return pnstrdup(value->val.string.val, value->val.string.len);
}

/*
 * A JSON number, as PostgreSQL prints it.
 */
char *
number_of(const JsonbValue *value)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out,
											   NumericGetDatum(value->val.numeric)));
}

/*
 * Is the value an array, or an object?
 */
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

/*
 * The next member of an object, with its name, or the next element of an array,
 * with NULL.  Returns false after the last one.
 */
bool
next_json_value(JsonbIterator **it, char **name, JsonbValue *value)
{
	JsonbIteratorToken token;

	*name = NULL;
	while ((token = JsonbIteratorNext(it, value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			*name = string_of(value);
		else if (token == WJB_VALUE || token == WJB_ELEM)
			return true;
	}
	return false;
}

/*
 * The elements of an array as "read" returns them; NIL if "array" is not an
 * array, or if "read" returns NULL for one of them.
 */
List *
read_elements(const JsonbValue *array, void *(*read) (const JsonbValue *))
{
	List	   *result = NIL;
	JsonbIterator *it;
	char	   *name;
	JsonbValue	value;

	if (!is_array(array))
		return NIL;

	it = JsonbIteratorInit(array->val.binary.data);
	while (next_json_value(&it, &name, &value))
	{
		void	   *element = read(&value);

		if (element == NULL)
			return NIL;
		result = lappend(result, element);
	}
	return result;
}

/*
 * Read the members of an object into the fields of "result", as the table says.
 * In messages "owner" is what has the options.  "besides" is the name of a
 * member that is no option, or NULL.
 *
 * Returns the flags of the options that the object has.  Raise an ERROR if it
 * has an unknown option, with the closest match in the hint, or an unsupported
 * one, or if a value does not fit its option.
 */
int
read_options(const OptionTable *table, JsonbContainer *object,
			 const char *owner, const char *besides, void *result)
{
	int			gives = 0;
	JsonbIterator *it = JsonbIteratorInit(object);
	char	   *name;
	JsonbValue	value;

	while (next_json_value(&it, &name, &value))
	{
		const Option *option;
		const char *expected;

		if (besides && strcmp(name, besides) == 0)
			continue;
		option = lookup_option(table, name, owner);
		expected = option->read((char *) result + option->offset, &value);
		if (expected)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg(table->misfit, name, owner, expected)));
		gives |= option->gives;
	}
	return gives;
}

static const Option *
lookup_option(const OptionTable *table, const char *name, const char *owner)
{
	ClosestMatchState match;
	const char *closest;

	for (int i = 0; i < table->count; i++)
	{
		const Option *option = &table->options[i];

		if (!same_name(option->name, name))
			continue;
		if (option->read == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg(table->unsupported, name, owner),
					 option->reason ? errdetail("%s", option->reason) :
					 errhint("%s", table->hint)));
		return option;
	}

	initClosestMatch(&match, name, 4);
	for (int i = 0; table->closest && i < table->count; i++)
	{
		if (table->options[i].read)
			updateClosestMatch(&match, table->options[i].name);
	}
	closest = getClosestMatch(&match);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg(table->unrecognized, name, owner),
			 closest ? errhint(table->closest, closest) :
			 table->hint ? errhint("%s", table->hint) : 0));
}

/*
 * ReadOption: the field is a bool.
 */
const char *
read_boolean(void *field, const JsonbValue *value)
{
	if (value->type != jbvBool)
		return "a boolean";
	*(bool *) field = value->val.boolean;
	return NULL;
}

/*
 * ReadOption: the field is a char *.
 */
const char *
read_string(void *field, const JsonbValue *value)
{
	if (value->type != jbvString)
		return "a string";
	*(char **) field = string_of(value);
	return NULL;
}

/*
 * ReadOption: the field is an int.
 */
const char *
read_integer(void *field, const JsonbValue *value)
{
	return parse_integer(field,
						 value->type == jbvNumeric ? number_of(value) : "");
}

/*
 * ReadOption: the field is an int.  As in TypeORM the value may be a string;
 * an empty one leaves the field as it is.
 */
const char *
read_length(void *field, const JsonbValue *value)
{
	if (value->type != jbvString)
		return read_integer(field, value);
	return value->val.string.len > 0 ?
		parse_integer(field, string_of(value)) : NULL;
}

static const char *
parse_integer(int *field, const char *text)
{
	char	   *end;
	int			number;

	errno = 0;
	number = strtoint(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0)
		return "a non-negative integer";
	*field = number;
	return NULL;
}

/*
 * ReadOption: the field is a JsonbContainer *.
 */
const char *
read_object(void *field, const JsonbValue *value)
{
	if (!is_object(value))
		return "an object";
	*(JsonbContainer **) field = value->val.binary.data;
	return NULL;
}

/*
 * ReadOption: the field is a JsonbContainer *.
 */
const char *
read_array_or_object(void *field, const JsonbValue *value)
{
	if (!is_array(value) && !is_object(value))
		return "an array or an object";
	*(JsonbContainer **) field = value->val.binary.data;
	return NULL;
}

/*
 * ReadOption: the field is a JsonbValue *.
 */
const char *
read_any(void *field, const JsonbValue *value)
{
	JsonbValue *copy = palloc_object(JsonbValue);

	*copy = *value;
	*(JsonbValue **) field = copy;
	return NULL;
}
