/*-------------------------------------------------------------------------
 *
 * column.c
 *	  ColumnSpecs: make, find and compare them
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_attribute.h"
#include "lib/stringinfo.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/ruleutils.h"

#include "model.h"

const DeclaredOption declared_options[] = {
	{"select", offsetof(ColumnSpec, select), true},
	{"insert", offsetof(ColumnSpec, insert), true},
	{"update", offsetof(ColumnSpec, update), true},
	{"input", offsetof(ColumnSpec, input), false},
	{NULL, 0, false}
};

/* How a difference is worded */
typedef enum Wording
{
	IS_INSTEAD_OF,				/* "length is 10 instead of 20" */
	FROM_TO						/* "length from 10 to 20" */
} Wording;

static char *compare_columns(const ColumnSpec *desired,
							 const ColumnSpec *actual, Wording wording);
static void compare_declarations(StringInfo buf, const ColumnSpec *desired,
								 const ColumnSpec *actual, Wording wording);
static void add_difference(StringInfo buf, Wording wording, const char *option,
						   const char *actual, const char *desired);
static void add_boolean_difference(StringInfo buf, Wording wording,
								   const char *option, bool actual,
								   bool desired);
static const char *print_validity(const ColumnSpec *column);
static const char *print_as_expression(const ColumnSpec *column);
static const char *print_foreign_key(const ForeignKeySpec *foreign_key,
									 bool with_name);

/*
 * Does the column have the option?
 */
bool
get_declared(const ColumnSpec *column, const DeclaredOption *option)
{
	return *(const bool *) ((const char *) column + option->offset);
}

/*
 * Give the column the option, or take it.
 */
void
set_declared(ColumnSpec *column, const DeclaredOption *option, bool value)
{
	*(bool *) ((char *) column + option->offset) = value;
}

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
	for (const DeclaredOption *o = declared_options; o->name; o++)
		set_declared(column, o, o->absent);
	return column;
}

/*
 * A copy of a column to change: whoever finds a column leaves it as it is.
 */
ColumnSpec *
copy_column(const ColumnSpec *column)
{
	ColumnSpec *copy = palloc_object(ColumnSpec);

	*copy = *column;
	return copy;
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

		if (same_name(column->column_name, column_name))
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

		if (column->property && same_name(column->property, property))
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
 * Are two definitions the same for an adapter?
 */
bool
same_declaration(const ColumnSpec *a, const ColumnSpec *b)
{
	for (const DeclaredOption *o = declared_options; o->name; o++)
	{
		if (get_declared(a, o) != get_declared(b, o))
			return false;
	}
	return a->role == b->role &&
		(a->gives & GIVES_REMEMBERED) == (b->gives & GIVES_REMEMBERED) &&
		same_meaning(a->type_name, b->type_name);
}

/*
 * The differences between the actual column and the desired one, or NULL.
 */
char *
find_differences(const ColumnSpec *desired, const ColumnSpec *actual)
{
	return compare_columns(desired, actual, IS_INSTEAD_OF);
}

/*
 * The changes that make the actual column the desired one, or NULL.
 */
char *
describe_changes(const ColumnSpec *desired, const ColumnSpec *actual)
{
	return compare_columns(desired, actual, FROM_TO);
}

/*
 * The changes that concern an adapter, or NULL.
 */
char *
describe_declaration(const ColumnSpec *desired, const ColumnSpec *declared)
{
	StringInfoData buf;

	initStringInfo(&buf);
	if (!same_meaning(desired->type_name, declared->type_name))
		add_difference(&buf, FROM_TO, "type", declared->type_name,
					   desired->type_name);
	compare_declarations(&buf, desired, declared, FROM_TO);
	return buf.len > 0 ? buf.data : NULL;
}

/*
 * Compare the options that PostgreSQL's catalog does not hold.
 */
static void
compare_declarations(StringInfo buf, const ColumnSpec *desired,
					 const ColumnSpec *actual, Wording wording)
{
	if (actual->role != desired->role)
		add_difference(buf, wording, "role",
					   role_option(actual->role), role_option(desired->role));
	for (const DeclaredOption *o = declared_options; o->name; o++)
		add_boolean_difference(buf, wording, o->name, get_declared(actual, o),
							   get_declared(desired, o));
}

static char *
compare_columns(const ColumnSpec *desired, const ColumnSpec *actual,
				Wording wording)
{
	StringInfoData buf = {0};	/* most columns need none */

	if (strcmp(desired->column_name, actual->column_name) != 0)
		add_difference(&buf, wording, "name", actual->column_name,
					   desired->column_name);
	if (!OidIsValid(desired->type) || desired->type != actual->type ||
		desired->typmod != actual->typmod)
		add_difference(&buf, wording, "type", print_type(actual),
					   print_type(desired));
	if (OidIsValid(desired->collation) && OidIsValid(actual->collation) &&
		desired->collation != actual->collation)
		add_difference(&buf, wording, "collation",
					   generate_collation_name(actual->collation),
					   generate_collation_name(desired->collation));
	if (!equal_names(desired->enum_labels, actual->enum_labels) &&
		desired->enum_labels && actual->enum_labels)
		add_difference(&buf, wording, "enum", join_names(actual->enum_labels),
					   join_names(desired->enum_labels));
	add_boolean_difference(&buf, wording, "nullable", actual->nullable,
						   desired->nullable);
	if (!actual->nullable && !desired->nullable)
		add_difference(&buf, wording, "NOT NULL", print_validity(actual),
					   print_validity(desired));
	add_boolean_difference(&buf, wording, "unique", actual->unique,
						   desired->unique);
	add_boolean_difference(&buf, wording, "primary", actual->primary,
						   desired->primary);
	if (actual->generated != desired->generated)
		add_difference(&buf, wording, "generated",
					   generated_option(actual->generated),
					   generated_option(desired->generated));
	else if (actual->generated == GENERATED_NEVER)
		add_difference(&buf, wording, "default", actual->default_sql,
					   desired->default_sql);
	if (actual->as_expression || desired->as_expression)
		add_difference(&buf, wording, "asExpression",
					   print_as_expression(actual),
					   print_as_expression(desired));
	if (!same_foreign_key(desired->foreign_key, actual->foreign_key))
	{
		bool		with_name = desired->foreign_key && desired->foreign_key->name;

		add_difference(&buf, wording, "foreignKey",
					   print_foreign_key(actual->foreign_key, with_name),
					   print_foreign_key(desired->foreign_key, with_name));
	}
	add_difference(&buf, wording, "comment", actual->comment, desired->comment);

	/*
	 * Options that PostgreSQL does not hold may change, except on built-in
	 * columns
	 */
	if (actual->builtin)
		compare_declarations(&buf, desired, actual, wording);
	return buf.len > 0 ? buf.data : NULL;
}

/*
 * Is the actual foreign key the desired one?  Either may be NULL.  A name
 * matters only if the author gave one.
 */
bool
same_foreign_key(const ForeignKeySpec *desired, const ForeignKeySpec *actual)
{
	if (desired == NULL || actual == NULL)
		return desired == actual;
	return desired->relid == actual->relid &&
		equal_names(desired->target_columns, actual->target_columns) &&
		desired->on_update == actual->on_update &&
		desired->on_delete == actual->on_delete &&
		desired->is_enforced == actual->is_enforced &&
		(desired->deferrable == NULL) == (actual->deferrable == NULL) &&
		(desired->deferrable == NULL ||
		 strcmp(desired->deferrable, actual->deferrable) == 0) &&
		(desired->name == NULL || strcmp(desired->name, actual->name) == 0);
}

/*
 * A referential action, as SQL has it.
 */
const char *
print_action(char action)
{
	switch (action)
	{
		case FKCONSTR_ACTION_RESTRICT:
			return "RESTRICT";
		case FKCONSTR_ACTION_CASCADE:
			return "CASCADE";
		case FKCONSTR_ACTION_SETNULL:
			return "SET NULL";
		case FKCONSTR_ACTION_SETDEFAULT:
			return "SET DEFAULT";
		default:
			return "NO ACTION";
	}
}

static const char *
print_foreign_key(const ForeignKeySpec *foreign_key, bool with_name)
{
	if (foreign_key == NULL)
		return NULL;
	return psprintf("%s%s%s ON DELETE %s ON UPDATE %s%s%s%s",
					with_name ? foreign_key->name : "",
					with_name ? " REFERENCES " : "",
					quote_qualified_identifier(foreign_key->schema_name,
											   foreign_key->table_name),
					print_action(foreign_key->on_delete),
					print_action(foreign_key->on_update),
					foreign_key->deferrable ? " DEFERRABLE " : "",
					foreign_key->deferrable ? foreign_key->deferrable : "",
					foreign_key->is_enforced ? "" : " NOT ENFORCED");
}

/*
 * What the option "generated" is, except in a column of which it is false.
 */
const char *
generated_option(ColumnGenerated generated)
{
	switch (generated)
	{
		case GENERATED_NEVER:
			break;
		case GENERATED_INCREMENT:
			return "increment";
		case GENERATED_IDENTITY:
			return "identity";
		case GENERATED_UUID:
			return "uuid";
	}
	return NULL;
}

static const char *
print_validity(const ColumnSpec *column)
{
	return column->unvalidated_not_null ? "not valid" : "valid";
}

static const char *
print_as_expression(const ColumnSpec *column)
{
	if (column->as_expression == NULL)
		return NULL;
	return psprintf("%s %s", column->as_expression,
					column->generated_type == ATTRIBUTE_GENERATED_STORED ?
					"STORED" : "VIRTUAL");
}

/*
 * The reason why a table's column cannot be a built-in one, or NULL.
 * "exactly" requires the column that the extension creates; otherwise an
 * adapter must be able to use it: it has a type of the same family, and values
 * where an adapter needs them.
 */
char *
check_builtin_column(const ColumnSpec *desired, const Table *table,
					 bool exactly)
{
	const ColumnSpec *column = find_column(table->columns, desired->column_name);
	ColumnSpec	found;
	bool		has_value;
	StringInfoData buf;

	if (column == NULL)
		return "missing";
	found = *column;
	has_value = found.generated != GENERATED_NEVER || found.default_sql;

	/* The column may have these in addition */
	found.comment = NULL;
	found.foreign_key = NULL;
	found.unique = found.unique && desired->unique;
	if (desired->default_sql == NULL)
		found.default_sql = NULL;
	if (found.generated == GENERATED_IDENTITY)
		found.generated = GENERATED_INCREMENT;
	if (found.type == desired->type && desired->typmod < 0)
		found.typmod = -1;

	/* An id may have any default */
	if (desired->primary && has_value)
	{
		found.generated = desired->generated;
		found.default_sql = desired->default_sql;
	}
	if (exactly)
		return find_differences(desired, &found);

	initStringInfo(&buf);
	if (!same_family(found.type, desired->type))
		add_difference(&buf, IS_INSTEAD_OF, "type", print_type(&found),
					   print_type(desired));
	if (desired->nullable)
		add_boolean_difference(&buf, IS_INSTEAD_OF, "nullable", found.nullable,
							   true);
	if ((desired->unique || desired->primary) &&
		!is_unique_column(table, found.column_name))
		add_boolean_difference(&buf, IS_INSTEAD_OF, "unique", false, true);
	if (found.as_expression)
		add_difference(&buf, IS_INSTEAD_OF, "asExpression",
					   print_as_expression(&found), NULL);
	else if ((desired->generated != GENERATED_NEVER || desired->default_sql) &&
			 !has_value)
		add_difference(&buf, IS_INSTEAD_OF, "default", NULL,
					   desired->default_sql ? desired->default_sql : "a sequence");
	return buf.len > 0 ? buf.data : NULL;
}

/*
 * Is there a constraint or an index on this column alone that makes it unique?
 */
bool
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

/*
 * The keys of an index, as in CREATE INDEX, as a list of char *.
 */
List *
print_keys(const IndexSpec *index)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, index->keys == NIL ? index->column_names : NIL)
		result = lappend(result,
						 unconstify(char *, quote_identifier(lfirst(lc))));
	foreach(lc, index->keys)
	{
		const IndexKey *key = lfirst(lc);

		result = lappend(result, key->expression ?
						 psprintf("(%s)", key->expression) :
						 unconstify(char *, quote_identifier(key->column_name)));
	}
	return result;
}

/*
 * Do two indexes have the same keys in the same order?
 */
bool
same_keys(const IndexSpec *a, const IndexSpec *b)
{
	return equal_names(print_keys(a), print_keys(b));
}

/*
 * Does an index use the column, apart from its condition?
 */
bool
uses_column(const IndexSpec *index, const char *column_name)
{
	return is_member(index->column_names, column_name) ||
		is_member(index->expression_columns, column_name);
}

static void
add_difference(StringInfo buf, Wording wording, const char *option,
			   const char *actual, const char *desired)
{
	if (actual && desired ? strcmp(actual, desired) == 0 : actual == desired)
		return;
	if (buf->data == NULL)
		initStringInfo(buf);
	appendStringInfo(buf, wording == FROM_TO ? "%s%s from %s to %s" :
					 "%s%s is %s instead of %s",
					 buf->len > 0 ? "; " : "", option,
					 actual ? actual : "none", desired ? desired : "none");
}

static void
add_boolean_difference(StringInfo buf, Wording wording, const char *option,
					   bool actual, bool desired)
{
	add_difference(buf, wording, option, actual ? "true" : "false",
				   desired ? "true" : "false");
}

/*
 * The column's type, for messages.
 */
const char *
print_type(const ColumnSpec *column)
{
	if (!OidIsValid(column->type))
		return psprintf("%s%s", column->enum_name, column->is_array ? "[]" : "");
	return format_type_with_typemod(column->type, column->typmod);
}

/*
 * Does the column get its values from a sequence of its own?
 */
bool
has_sequence(const ColumnSpec *column)
{
	return column->generated == GENERATED_INCREMENT ||
		column->generated == GENERATED_IDENTITY;
}
