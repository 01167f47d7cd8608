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

static const char *read_indexes(void *field, const JsonbValue *value);
static const char *read_uniques(void *field, const JsonbValue *value);
static const char *read_checks(void *field, const JsonbValue *value);
static const char *read_keys(void *field, const JsonbValue *value);
static const char *read_properties(void *field, const JsonbValue *value);

static const Option options[] = {
	{"indices", read_indexes, FIELD(ModelSpec, indexes)},
	{"uniques", read_uniques, FIELD(ModelSpec, uniques)},
	{"checks", read_checks, FIELD(ModelSpec, checks)},
};

static const OptionTable model_options = {
	.options = options,
	.count = lengthof(options),
	.unrecognized = "unrecognized option \"%s\" of model \"%s\"",
	.misfit = "option \"%s\" of model \"%s\" must be %s",
	.hint = "The options of a model are \"indices\", \"uniques\" and \"checks\".",
};

static const Option index_members[] = {
	{"name", read_string, FIELD(IndexSpec, name)},
	{"columns", read_keys, FIELD(IndexSpec, keys)},
	{"unique", read_boolean, FIELD(IndexSpec, is_unique)},
	{"where", read_string, FIELD(IndexSpec, where)},
};

/* Of an element of an index's "columns" that is not a property */
static const Option key_members[] = {
	{"expression", read_string, FIELD(IndexKey, expression)},
};

static const Option unique_members[] = {
	{"name", read_string, FIELD(IndexSpec, name)},
	{"columns", read_properties, FIELD(IndexSpec, properties)},
	{"deferrable", read_string, FIELD(IndexSpec, deferrable)},
};

static const Option check_members[] = {
	{"name", read_string, FIELD(CheckSpec, name)},
	{"expression", read_string, FIELD(CheckSpec, expression)},
};

/* The OptionTable of an element of an option */
#define MEMBERS(members) { \
	.options = members, \
	.count = lengthof(members), \
	.unrecognized = "unrecognized member \"%s\" in option \"%s\"", \
	.misfit = "member \"%s\" in option \"%s\" must be %s", \
	.closest = "Perhaps you meant \"%s\".", \
}

static const OptionTable index_table = MEMBERS(index_members);
static const OptionTable key_table = MEMBERS(key_members);
static const OptionTable unique_table = MEMBERS(unique_members);
static const OptionTable check_table = MEMBERS(check_members);

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

	if (!JsonContainerIsObject(object))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("options of model \"%s\" must be an object",
						model->definition->name),
				 errhint("Write {\"indices\": [{\"columns\": [\"property\", ...]}]}.")));
	(void) read_options(&model_options, object, model->definition->name,
						with_columns ? "columns" : NULL, result);
	return result;
}

/*
 * Read an element of an option into a struct.
 *
 * Raise an ERROR if it is not an object of that kind.
 */
static void
read_element(const JsonbValue *value, const char *option,
			 const OptionTable *table, void *result)
{
	if (!is_object(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("each element of option \"%s\" must be an object",
						option)));
	(void) read_options(table, value->val.binary.data, option, NULL, result);
}

/*
 * Raise an ERROR if an element of an option lacks what it needs, or if it has a
 * name, which may be NULL, that PostgreSQL does not take.
 */
static void
check_element(const char *option, const char *needs, const void *needed,
			  const char *name)
{
	if (needed == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("each element of option \"%s\" must have \"%s\"",
						option, needs)));
	if (name)
		check_name("name", name);
}

static void *
read_index(const JsonbValue *value)
{
	IndexSpec  *index = palloc0_object(IndexSpec);

	read_element(value, "indices", &index_table, index);
	check_element("indices", "columns", index->keys, index->name);
	return index;
}

static const char *
read_indexes(void *field, const JsonbValue *value)
{
	if (!is_array(value))
		return "an array of objects";
	*(List **) field = read_elements(value, read_index);
	return NULL;
}

static void *
read_unique(const JsonbValue *value)
{
	IndexSpec  *unique = palloc0_object(IndexSpec);

	read_element(value, "uniques", &unique_table, unique);
	check_element("uniques", "columns", unique->properties, unique->name);
	unique->is_constraint = true;
	unique->is_unique = true;
	return unique;
}

static const char *
read_uniques(void *field, const JsonbValue *value)
{
	List	   *uniques;
	ListCell   *lc;

	if (!is_array(value))
		return "an array of objects";
	uniques = read_elements(value, read_unique);
	foreach(lc, uniques)
		check_deferrable(((IndexSpec *) lfirst(lc))->deferrable, NULL);
	*(List **) field = uniques;
	return NULL;
}

static void *
read_check(const JsonbValue *value)
{
	CheckSpec  *check = palloc0_object(CheckSpec);

	read_element(value, "checks", &check_table, check);
	check_element("checks", "expression", check->expression, check->name);
	check->is_enforced = true;
	return check;
}

static const char *
read_checks(void *field, const JsonbValue *value)
{
	if (!is_array(value))
		return "an array of objects";
	*(List **) field = read_elements(value, read_check);
	return NULL;
}

/*
 * An IndexKey; NULL if the value is neither a property nor an object with an
 * expression.
 */
static void *
read_key(const JsonbValue *value)
{
	IndexKey   *key = palloc0_object(IndexKey);

	if (value->type == jbvString)
		key->property = string_of(value);
	else if (is_object(value))
		(void) read_options(&key_table, value->val.binary.data, "indices",
							NULL, key);
	return key->property || key->expression ? key : NULL;
}

static const char *
read_keys(void *field, const JsonbValue *value)
{
	List	   *keys = read_elements(value, read_key);

	if (keys == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"columns\" in option \"indices\" must be an array of properties and of objects with an \"expression\"")));
	*(List **) field = keys;
	return NULL;
}

static void *
read_property(const JsonbValue *value)
{
	return value->type == jbvString ? string_of(value) : NULL;
}

static const char *
read_properties(void *field, const JsonbValue *value)
{
	List	   *properties = read_elements(value, read_property);

	if (properties == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"columns\" in option \"uniques\" must be an array of properties"),
				 errhint("For unique expressions use the option \"indices\" with \"unique\": true.")));
	*(List **) field = properties;
	return NULL;
}
