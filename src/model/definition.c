/*-------------------------------------------------------------------------
 *
 * definition.c
 *	  What the definitions of the models say
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "model.h"

static const char *property_with(const ModelDefinition *model, int flag);
static bool has_flag(const ModelDefinition *model, const char *property, int flag);
static void follow_citext(const Model *model, ColumnSpec *column);

/*
 * The definition of a model after "previous", or the first one after NULL; NULL
 * after the last.
 *
 * Definitions of another source, such as a catalog, come in here: nobody else
 * knows where one comes from.
 */
const ModelDefinition *
next_model(const ModelDefinition *previous)
{
	const ModelDefinition *model = previous ? previous + 1 : builtin_models;

	return model->name ? model : NULL;
}

/*
 * The definition of the model of that name, or NULL.
 */
const ModelDefinition *
lookup_model_definition(const char *name)
{
	for (const ModelDefinition *model = next_model(NULL); model;
		 model = next_model(model))
	{
		if (strcmp(model->name, name) == 0)
			return model;
	}
	return NULL;
}

/*
 * The definition of the model of that name.
 *
 * Raise an ERROR, with the closest match or all models in the hint, if there is
 * none.
 */
const ModelDefinition *
find_model_definition(const char *name)
{
	const ModelDefinition *found = lookup_model_definition(name);
	ClosestMatchState match;
	const char *closest;
	StringInfoData names;

	if (found)
		return found;
	initClosestMatch(&match, name, 4);
	initStringInfo(&names);
	for (const ModelDefinition *model = next_model(NULL); model;
		 model = next_model(model))
	{
		updateClosestMatch(&match, model->name);
		appendStringInfo(&names, "%s%s", names.len == 0 ? "" :
						 next_model(model) ? ", " : " and ", model->name);
	}

	closest = getClosestMatch(&match);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("model \"%s\" does not exist", name),
			 closest ?
			 errhint("Perhaps you meant the model \"%s\".", closest) :
			 errhint("The models are %s.", names.data)));
}

/*
 * The definition of the users.
 */
const ModelDefinition *
users_definition(void)
{
	const ModelDefinition *model = next_model(NULL);

	while (!model->holds_users)
		model = next_model(model);
	return model;
}

/*
 * The property that refers to a user, or NULL.
 */
const char *
user_property(const ModelDefinition *model)
{
	return property_with(model, IS_USER_ID);
}

static const char *
property_with(const ModelDefinition *model, int flag)
{
	for (const ColumnDefinition *c = model->columns; c->property; c++)
		if (c->flags & flag)
			return c->property;
	return NULL;
}

/*
 * The column that shows which type the ids of users have: the one that refers
 * to a user or, as in the users' table, the id.
 */
const char *
user_id_column(const ModelDefinition *model)
{
	const char *property = user_property(model);

	return name_column(property ? property : "id");
}

/*
 * The property that says from when on a row is of no use, or NULL.
 */
const char *
expiry_property(const ModelDefinition *model)
{
	return property_with(model, IS_EXPIRY);
}

/*
 * Is the property built into the model?
 */
bool
is_builtin_property(const ModelDefinition *model, const char *property)
{
	return describe_property(model, property) != NULL;
}

/*
 * The purpose of a built-in property, or NULL if it is not built in.
 */
const char *
describe_property(const ModelDefinition *model, const char *property)
{
	for (const ColumnDefinition *c = model->columns; c->property; c++)
		if (same_name(c->property, property))
			return c->description;
	return NULL;
}

/*
 * May a definition declare the built-in unique property as not unique?  Only
 * the e-mail address: adapters use the others to look up one session, account,
 * token or credential, and would take one row for another.
 */
bool
may_repeat(const ModelDefinition *model, const char *property)
{
	return has_flag(model, property, MAY_REPEAT);
}

static bool
has_flag(const ModelDefinition *model, const char *property, int flag)
{
	for (const ColumnDefinition *c = model->columns; c->property; c++)
		if ((c->flags & flag) && same_name(c->property, property))
			return true;
	return false;
}

/*
 * Is the column unique?  "not_unique" are the properties of the model that
 * were defined as not unique.
 */
static bool
is_unique(const ColumnDefinition *column, List *not_unique)
{
	return (column->flags & IS_UNIQUE) &&
		!((column->flags & MAY_REPEAT) && is_member(not_unique, column->property));
}

/*
 * Is the index, or its constraint, built into the model?  "indexes" are all
 * indexes of the table: if several constraints make a built-in column unique,
 * one of them counts as built in, whatever its name.  "not_unique" is as
 * above.
 */
bool
is_builtin_index(const ModelDefinition *model, List *not_unique,
				 const IndexSpec *index, List *indexes)
{
	bool		found = false;
	ListCell   *lc;

	if (index->is_primary)
		return true;
	for (const IndexDefinition *i = model->indexes; i->name; i++)
		if (!index->is_constraint && strcmp(i->name, index->name) == 0)
			return true;
	if (!index->is_constraint || list_length(index->column_names) != 1)
		return false;

	for (const ColumnDefinition *c = model->columns; c->property; c++)
		if (is_unique(c, not_unique) &&
			is_member(index->column_names, name_column(c->property)))
			found = true;
	foreach(lc, indexes)
	{
		const IndexSpec *other = lfirst(lc);

		if (other->is_constraint && other->is_unique &&
			strcmp(other->name, index->name) != 0 &&
			equal_names(other->column_names, index->column_names))
			found = false;
	}
	return found;
}

/*
 * The built-in columns of a model, as its author would have defined them.
 */
List *
builtin_columns(const Model *model)
{
	List	   *result = NIL;

	for (const ColumnDefinition *c = model->definition->columns; c->property; c++)
	{
		ColumnSpec *column = make_column(c->property);

		column->builtin = true;
		column->column_name = name_column(c->property);
		if (c->type_name)
			column->type_name = pstrdup(c->type_name);
		else
			column->type_name = pstrdup(id_type_name((c->flags & IS_USER_ID) ?
													 model->user_id_type :
													 model->id_type));
		column->primary = (c->flags & IS_PRIMARY) != 0;
		column->nullable = (c->flags & IS_NULLABLE) != 0;
		column->unique = is_unique(c, model->not_unique);
		if (c->flags & IS_CREATE_DATE)
			column->role = ROLE_CREATE_DATE;
		else if (c->flags & IS_UPDATE_DATE)
			column->role = ROLE_UPDATE_DATE;

		resolve_type(column, NULL);
		if (c->flags & MAY_BE_CITEXT)
			follow_citext(model, column);
		column->collation = get_typcollation(column->type);
		if (column->primary)
			set_generated_id(column, model->id_type);
		if (column->role != ROLE_NONE)
			set_default_node(column, (Node *) makeFuncExpr(F_NOW, TIMESTAMPTZOID,
														   NIL, InvalidOid,
														   InvalidOid,
														   COERCE_EXPLICIT_CALL));

		result = lappend(result, column);
	}
	return result;
}

/*
 * The table determines which of the two types such a column has.
 */
static void
follow_citext(const Model *model, ColumnSpec *column)
{
	AttrNumber	attnum = get_attnum(model->relid, column->column_name);
	Oid			type = attnum == InvalidAttrNumber ? InvalidOid :
	get_atttype(model->relid, attnum);

	if (is_citext(type))
	{
		column->type = type;
		column->type_name = pstrdup("citext");
	}
}

/*
 * May a definition give the built-in varchar property type citext?
 */
bool
may_be_citext(const ModelDefinition *model, const char *property)
{
	return has_flag(model, property, MAY_BE_CITEXT);
}
