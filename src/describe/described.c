/*-------------------------------------------------------------------------
 *
 * described.c
 *	  What the formats ask of a described model or column
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "describe.h"

const char *const object_names[] = {OBJECT_NAMES, NULL};

/*
 * The model of that name among those that are described, or NULL.
 */
DescribedModel *
find_described(List *models, const char *name)
{
	ListCell   *lc;

	foreach(lc, models)
	{
		DescribedModel *model = lfirst(lc);

		if (strcmp(model->definition->name, name) == 0)
			return model;
	}
	return NULL;
}

/*
 * The model of the users, or NULL.
 */
DescribedModel *
find_users(List *models)
{
	return find_described(models, users_definition()->name);
}

/*
 * The column of that name in the adapter's view, or NULL.
 */
DescribedColumn *
find_described_column(const DescribedModel *model, const char *name)
{
	ListCell   *lc;

	foreach(lc, model->columns)
	{
		DescribedColumn *column = lfirst(lc);

		if (strcmp(column->name, name) == 0)
			return column;
	}
	return NULL;
}

/*
 * Is the model for Better Auth, which asks a library for columns by the names
 * that they have in the view, and for all that it was told of?
 */
bool
is_for_better_auth(const DescribedModel *model)
{
	return strcmp(model->adapter->name, "better-auth") == 0;
}

/*
 * Does the adapter see the table's primary key?
 */
bool
has_primary_key(const DescribedModel *model)
{
	ListCell   *lc;

	foreach(lc, model->columns)
	{
		if (((DescribedColumn *) lfirst(lc))->column->primary)
			return true;
	}
	return false;
}

/*
 * The application's names of the properties by which the adapter finds one row;
 * NIL if it sees the table's primary key.
 */
List *
find_key(const DescribedModel *model)
{
	List	   *result = NIL;
	ListCell   *lc;

	if (has_primary_key(model))
		return NIL;
	for (const char *const *key = model->definition->key; *key; key++)
	{
		foreach(lc, model->columns)
		{
			const DescribedColumn *column = lfirst(lc);

			if (!column->is_custom && strcmp(column->column->property, *key) == 0)
				result = lappend(result, unconstify(char *, column->property));
		}
	}
	return result;
}

/*
 * Is the column alone such a key, and not the table's primary key?
 */
bool
is_key(const DescribedModel *model, const DescribedColumn *column)
{
	List	   *key = find_key(model);

	return list_length(key) == 1 && strcmp(linitial(key), column->property) == 0;
}

/*
 * Is the column one that is not to be read unless asked for, and can be done
 * without when a row is written?  For formats that have no word for that.
 */
bool
is_left_out(const DescribedColumn *column)
{
	return !column->column->select &&
		(column->column->nullable || column->has_default ||
		 column->column->as_expression != NULL);
}

/*
 * Is the column called like something that every object of JavaScript has?
 */
bool
has_object_name(const DescribedColumn *column)
{
	return is_one_of(column->name, object_names);
}

/*
 * Say that a column is left out.
 */
void
append_left_out(StringInfo buf, const char *indent, const char *reason,
				const DescribedColumn *column)
{
	append_comment(buf, indent,
				   psprintf("%s, so left out: %s", reason,
							column->column->property));
}

/*
 * Is the column never written by an application?
 */
bool
is_read_only(const DescribedColumn *column)
{
	return column->column->as_expression != NULL ||
		(!column->column->insert && !column->column->update);
}

/*
 * Is a value a time that JavaScript has as a Date?
 */
bool
is_time(const DescribedColumn *column)
{
	return column->type->javascript == JS_DATE;
}

/*
 * Is the name in a list that NULL ends?
 */
bool
is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

/*
 * The type of the column in SQL, with its length, precision and scale.
 */
char *
print_sql_type(const DescribedColumn *column)
{
	return format_type_with_typemod(column->column->type,
									column->column->typmod);
}

/*
 * The column's default as a JavaScript value of the type that the application
 * has; NULL if there is none or it is no such value.
 */
const char *
javascript_default(const DescribedColumn *column)
{
	const ColumnSpec *spec = column->column;
	bool		is_number = false;
	char	   *literal;

	if (column->conversion != AS_IT_IS || spec->is_array)
		return NULL;
	switch (column->type->javascript)
	{
		case JS_STRING:
		case JS_BOOLEAN:
			break;
		case JS_NUMBER:
			is_number = true;
			break;
		default:
			return NULL;
	}
	literal = describe_default(spec);
	if (literal == NULL)
		return NULL;

	switch (literal[0])
	{
		case 't':
		case 'f':
			return literal;
		case '"':
			return is_number ? NULL : literal;
		default:
			return is_number ? literal : NULL;
	}
}
