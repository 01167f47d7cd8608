/*-------------------------------------------------------------------------
 *
 * model_spec.c
 *	  jsonb -> ModelSpec: what TypeORM's entity options say beside columns
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "declare.h"

/* The members of an index, a UNIQUE constraint or a check; all may occur once */
typedef struct Member
{
	const char *name;
	enum
	{
		MEMBER_STRING,
		MEMBER_BOOLEAN,
		MEMBER_PROPERTIES,
		MEMBER_KEYS				/* properties and expressions */
	}			kind;
	size_t		offset;			/* of the field in Members */
} Member;

typedef struct Members
{
	char	   *name;
	List	   *columns;		/* of char *, properties */
	List	   *keys;			/* of IndexKey, if there are expressions */
	bool		unique;
	char	   *where;
	char	   *deferrable;
	char	   *expression;
} Members;

static const Member index_members[] = {
	{"name", MEMBER_STRING, offsetof(Members, name)},
	{"columns", MEMBER_KEYS, offsetof(Members, keys)},
	{"unique", MEMBER_BOOLEAN, offsetof(Members, unique)},
	{"where", MEMBER_STRING, offsetof(Members, where)},
	{NULL, MEMBER_STRING, 0}
};

static const Member unique_members[] = {
	{"name", MEMBER_STRING, offsetof(Members, name)},
	{"columns", MEMBER_PROPERTIES, offsetof(Members, columns)},
	{"deferrable", MEMBER_STRING, offsetof(Members, deferrable)},
	{NULL, MEMBER_STRING, 0}
};

static const Member check_members[] = {
	{"name", MEMBER_STRING, offsetof(Members, name)},
	{"expression", MEMBER_STRING, offsetof(Members, expression)},
	{NULL, MEMBER_STRING, 0}
};

/* Of an element of an index's "columns" */
static const Member key_members[] = {
	{"expression", MEMBER_STRING, offsetof(Members, expression)},
	{NULL, MEMBER_STRING, 0}
};

static const struct
{
	const char *name;
	const Member *members;
	const char *needs;
}			options[] = {
	{"indices", index_members, "columns"},
	{"uniques", unique_members, "columns"},
	{"checks", check_members, "expression"},
	{NULL, NULL, NULL}
};

static List *parse_objects(const char *option, const Member *definitions,
						   const char *needs, JsonbContainer *array);
static Members *parse_members(const char *option, const Member *definitions,
							  JsonbContainer *object);
static List *parse_keys(const char *option, const JsonbValue *array);
static List *parse_properties(const char *option, const JsonbValue *value);

/*
 * What {"indices": [...], "uniques": [...], "checks": [...]} says.  Columns
 * are named as properties; expressions are not read yet.  If "with_columns" is
 * set, there may be a member "columns", which is not for here.
 *
 * Raise an ERROR if anything in it is not understood.
 */
ModelSpec *
parse_model_options(const Model *model, JsonbContainer *object,
					bool with_columns)
{
	ModelSpec  *result = palloc0_object(ModelSpec);
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	value;
	int			option = 0;

	if (!JsonContainerIsObject(object))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options of model \"%s\" must be an object",
						model->definition->name),
				 errhint("Write {\"indices\": [{\"columns\": [\"property\", ...]}]}.")));

	it = JsonbIteratorInit(object);
	(void) JsonbIteratorNext(&it, &value, false);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		List	   *objects;
		ListCell   *lc;

		if (token == WJB_KEY)
		{
			char	   *name = string_of(&value);

			for (option = 0; options[option].name; option++)
				if (strcmp(options[option].name, name) == 0)
					break;
			if (options[option].name == NULL &&
				!(with_columns && strcmp(name, "columns") == 0))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("unrecognized option \"%s\" of model \"%s\"",
								name, model->definition->name),
						 errhint("The options of a model are indices, uniques and checks.")));
			continue;
		}
		if (token != WJB_VALUE || options[option].name == NULL)
			continue;

		if (value.type != jbvBinary ||
			!JsonContainerIsArray(value.val.binary.data))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("option \"%s\" of model \"%s\" must be an array of objects",
							options[option].name, model->definition->name)));
		objects = parse_objects(options[option].name, options[option].members,
								options[option].needs, value.val.binary.data);
		foreach(lc, objects)
		{
			Members    *members = lfirst(lc);

			if (options[option].members == check_members)
			{
				CheckSpec  *check = palloc0_object(CheckSpec);

				check->name = members->name;
				check->expression = members->expression;
				check->is_enforced = true;
				result->checks = lappend(result->checks, check);
			}
			else
			{
				IndexSpec  *index = palloc0_object(IndexSpec);

				index->name = members->name;
				index->column_names = members->columns;
				index->keys = members->keys;
				index->where = members->where;
				index->deferrable = members->deferrable;
				index->is_constraint = options[option].members == unique_members;
				index->is_unique = members->unique || index->is_constraint;
				check_deferrable(index->deferrable);
				if (index->is_constraint)
					result->uniques = lappend(result->uniques, index);
				else
					result->indexes = lappend(result->indexes, index);
			}
		}
	}
	return result;
}

static List *
parse_objects(const char *option, const Member *definitions,
			  const char *needs, JsonbContainer *array)
{
	List	   *result = NIL;
	JsonbIterator *it = JsonbIteratorInit(array);
	JsonbIteratorToken token;
	JsonbValue	value;

	(void) JsonbIteratorNext(&it, &value, false);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		Members    *members;

		if (token != WJB_ELEM)
			continue;
		if (value.type != jbvBinary ||
			!JsonContainerIsObject(value.val.binary.data))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("each element of option \"%s\" must be an object",
							option)));
		members = parse_members(option, definitions, value.val.binary.data);
		if (members->columns == NIL && members->keys == NIL &&
			members->expression == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("each element of option \"%s\" must have \"%s\"",
							option, needs)));
		if (members->name)
			check_name("name", members->name);
		result = lappend(result, members);
	}
	return result;
}

/*
 * Raise an ERROR, with the closest match in the hint, for a member that there
 * is not.
 */
static Members *
parse_members(const char *option, const Member *definitions,
			  JsonbContainer *object)
{
	Members    *result = palloc0_object(Members);
	JsonbIterator *it = JsonbIteratorInit(object);
	JsonbIteratorToken token;
	JsonbValue	value;
	const Member *member = NULL;

	(void) JsonbIteratorNext(&it, &value, false);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		const char *expected = NULL;
		void	   *field;

		if (token == WJB_KEY)
		{
			char	   *name = string_of(&value);
			ClosestMatchState match;
			const char *closest;

			initClosestMatch(&match, name, 4);
			for (member = definitions; member->name; member++)
			{
				if (strcmp(member->name, name) == 0)
					break;
				updateClosestMatch(&match, member->name);
			}
			closest = getClosestMatch(&match);
			if (member->name == NULL)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("unrecognized member \"%s\" in option \"%s\"",
								name, option),
						 closest ?
						 errhint("Perhaps you meant \"%s\".", closest) : 0));
			continue;
		}
		if (token != WJB_VALUE || member == NULL)
			continue;

		field = (char *) result + member->offset;
		switch (member->kind)
		{
			case MEMBER_STRING:
				if (value.type == jbvString)
					*(char **) field = string_of(&value);
				else
					expected = "a string";
				break;
			case MEMBER_BOOLEAN:
				if (value.type == jbvBool)
					*(bool *) field = value.val.boolean;
				else
					expected = "a boolean";
				break;
			case MEMBER_PROPERTIES:
				*(List **) field = parse_properties(option, &value);
				break;
			case MEMBER_KEYS:
				*(List **) field = parse_keys(option, &value);
				break;
		}
		if (expected)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("member \"%s\" in option \"%s\" must be %s",
							member->name, option, expected)));
	}
	return result;
}

/*
 * What an index is on, as a list of IndexKey.
 */
static List *
parse_keys(const char *option, const JsonbValue *array)
{
	List	   *result = NIL;
	JsonbIterator *it = NULL;
	JsonbIteratorToken token;
	JsonbValue	value;
	bool		fits = (array->type == jbvBinary &&
						JsonContainerIsArray(array->val.binary.data));

	if (fits)
	{
		it = JsonbIteratorInit(array->val.binary.data);
		(void) JsonbIteratorNext(&it, &value, false);
	}
	while (fits && (token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		IndexKey   *key;

		if (token != WJB_ELEM)
			continue;
		key = palloc0_object(IndexKey);
		if (value.type == jbvString)
			key->column_name = string_of(&value);
		else if (value.type == jbvBinary &&
				 JsonContainerIsObject(value.val.binary.data))
			key->expression = parse_members(option, key_members,
											value.val.binary.data)->expression;
		fits = key->column_name || key->expression;
		result = lappend(result, key);
	}
	if (!fits || result == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"columns\" in option \"%s\" must be an array of properties and of objects with an \"expression\"",
						option)));
	return result;
}

static List *
parse_properties(const char *option, const JsonbValue *array)
{
	List	   *result = NIL;
	JsonbIterator *it = NULL;
	JsonbIteratorToken token;
	JsonbValue	value;
	bool		fits = (array->type == jbvBinary &&
						JsonContainerIsArray(array->val.binary.data));

	if (fits)
	{
		it = JsonbIteratorInit(array->val.binary.data);
		(void) JsonbIteratorNext(&it, &value, false);
	}
	while (fits && (token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token != WJB_ELEM)
			continue;
		fits = value.type == jbvString;
		if (fits)
			result = lappend(result, string_of(&value));
	}
	if (!fits || result == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"columns\" in option \"%s\" must be an array of properties",
						option),
				 errhint("For unique expressions use the option \"indices\" with \"unique\": true.")));
	return result;
}
