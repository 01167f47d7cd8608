/*-------------------------------------------------------------------------
 *
 * column.c
 *	  ColumnSpecs: make, find and compare them
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/ruleutils.h"

#include "nextauth.h"

static void add_difference(StringInfo buf, const char *option,
						   const char *actual, const char *desired);
static void add_boolean_difference(StringInfo buf, const char *option,
								   bool actual, bool desired);
static bool is_unique_column(const Table *table, const char *column_name);
static const char *print_type(const ColumnSpec *column);

/*
 * A column without anything but TypeORM's defaults.
 */
ColumnSpec *
make_column(const char *property)
{
	ColumnSpec *column = palloc0_object(ColumnSpec);

	if (property)
		column->property = pstrdup(property);
	column->typmod = -1;
	column->select = true;
	column->insert = true;
	column->update = true;
	return column;
}

/*
 * The column of that name, or NULL.
 */
ColumnSpec *
find_column(List *columns, const char *column_name)
{
	ListCell   *lc;

	foreach(lc, columns)
	{
		ColumnSpec *column = lfirst(lc);

		if (strcmp(column->column_name, column_name) == 0)
			return column;
	}
	return NULL;
}

/*
 * The property of that name, or NULL.
 */
ColumnSpec *
find_property(List *columns, const char *property)
{
	ListCell   *lc;

	foreach(lc, columns)
	{
		ColumnSpec *column = lfirst(lc);

		if (column->property && strcmp(column->property, property) == 0)
			return column;
	}
	return NULL;
}

/*
 * The option that gives a column its role.
 */
const char *
role_option(ColumnRole role)
{
	switch (role)
	{
		case ROLE_NONE:
			break;
		case ROLE_CREATE_DATE:
			return "createDate";
		case ROLE_UPDATE_DATE:
			return "updateDate";
		case ROLE_DELETE_DATE:
			return "deleteDate";
		case ROLE_VERSION:
			return "version";
	}
	return NULL;
}

/*
 * Do two definitions say the same to an adapter?
 */
bool
same_declaration(const ColumnSpec *a, const ColumnSpec *b)
{
	return a->role == b->role && a->select == b->select &&
		a->insert == b->insert && a->update == b->update &&
		same_meaning(a->type_name, b->type_name);
}

/*
 * How the actual column differs from the desired one, or NULL.
 */
char *
find_differences(const ColumnSpec *desired, const ColumnSpec *actual)
{
	StringInfoData buf;

	initStringInfo(&buf);

	if (strcmp(desired->column_name, actual->column_name) != 0)
		add_difference(&buf, "name", actual->column_name, desired->column_name);
	if (!OidIsValid(desired->type) || desired->type != actual->type ||
		desired->typmod != actual->typmod)
		add_difference(&buf, "type", print_type(actual), print_type(desired));
	else if (desired->collation != actual->collation)
		add_difference(&buf, "collation",
					   generate_collation_name(actual->collation),
					   generate_collation_name(desired->collation));
	add_boolean_difference(&buf, "nullable", actual->nullable, desired->nullable);
	add_boolean_difference(&buf, "unique", actual->unique, desired->unique);
	add_boolean_difference(&buf, "primary", actual->primary, desired->primary);
	if (actual->generated != desired->generated)
		add_boolean_difference(&buf, "generated",
							   actual->generated != GENERATED_NEVER,
							   desired->generated != GENERATED_NEVER);
	else if (actual->generated == GENERATED_NEVER)
		add_difference(&buf, "default", actual->default_sql, desired->default_sql);
	add_difference(&buf, "comment", actual->comment, desired->comment);

	if (!actual->builtin)
		return buf.len > 0 ? buf.data : NULL;

	/* What PostgreSQL does not hold may change, unless it is built in */
	if (actual->role != desired->role)
		add_difference(&buf, "role",
					   role_option(actual->role), role_option(desired->role));
	add_boolean_difference(&buf, "select", actual->select, desired->select);
	add_boolean_difference(&buf, "insert", actual->insert, desired->insert);
	add_boolean_difference(&buf, "update", actual->update, desired->update);
	return buf.len > 0 ? buf.data : NULL;
}

/*
 * What is wrong with a table's column for a built-in one, or NULL.  "exactly"
 * asks for what the extension makes; otherwise it is enough that an adapter
 * can work with it: a type of the same family, values where it needs some.
 */
char *
check_builtin_column(const ColumnSpec *desired, const Table *table,
					 bool exactly)
{
	ColumnSpec *column = find_column(table->columns, desired->column_name);
	ColumnSpec	found;
	bool		has_value;
	StringInfoData buf;

	if (column == NULL)
		return "missing";
	found = *column;
	has_value = found.generated != GENERATED_NEVER || found.default_sql;

	/* What may be more than the model asks for */
	found.comment = NULL;
	found.unique = found.unique && desired->unique;
	if (desired->default_sql == NULL && found.default_expr)
		found.default_sql = NULL;
	if (exactly)
		return find_differences(desired, &found);

	initStringInfo(&buf);
	if (!same_family(found.type, desired->type))
		add_difference(&buf, "type", print_type(&found), print_type(desired));
	if (desired->nullable)
		add_boolean_difference(&buf, "nullable", found.nullable, true);
	if ((desired->unique || desired->primary) &&
		!is_unique_column(table, found.column_name))
		add_boolean_difference(&buf, "unique", false, true);
	if (found.default_sql && found.default_expr == NULL)
		add_difference(&buf, "default", found.default_sql, desired->default_sql);
	else if ((desired->generated != GENERATED_NEVER || desired->default_sql) &&
			 !has_value)
		add_difference(&buf, "default", NULL,
					   desired->default_sql ? desired->default_sql : "a sequence");
	return buf.len > 0 ? buf.data : NULL;
}

/*
 * Does a constraint or an index make the column unique by itself?
 */
static bool
is_unique_column(const Table *table, const char *column_name)
{
	ListCell   *lc;

	foreach(lc, table->indexes)
	{
		IndexSpec  *index = lfirst(lc);

		if ((index->is_unique || index->is_primary) && index->where == NULL &&
			list_length(index->column_names) == 1 &&
			strcmp(linitial(index->column_names), column_name) == 0)
			return true;
	}
	return false;
}

static void
add_difference(StringInfo buf, const char *option, const char *actual,
			   const char *desired)
{
	if (actual && desired ? strcmp(actual, desired) == 0 : actual == desired)
		return;
	appendStringInfo(buf, "%s%s is %s instead of %s",
					 buf->len > 0 ? "; " : "", option,
					 actual ? actual : "none", desired ? desired : "none");
}

static void
add_boolean_difference(StringInfo buf, const char *option, bool actual,
					   bool desired)
{
	add_difference(buf, option, actual ? "true" : "false",
				   desired ? "true" : "false");
}

static const char *
print_type(const ColumnSpec *column)
{
	if (!OidIsValid(column->type))
		return psprintf("%s%s", column->enum_name, column->is_array ? "[]" : "");
	return format_type_with_typemod(column->type, column->typmod);
}
