/*-------------------------------------------------------------------------
 *
 * better_auth.c
 *	  Custom properties as Better Auth's additional fields
 *
 * What it has no type for is a string to it, which PostgreSQL takes for a value
 * of any type.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "describe.h"

static const char *print_id_option(List *models);
static void print_field(StringInfo buf, const DescribedColumn *column);
static void append_type(StringInfo buf, const DescribedColumn *column);

/*
 * Print the custom properties of the models as the options that Better Auth
 * takes for them.
 */
void
print_better_auth(StringInfo buf, List *models)
{
	StringInfoData fields;
	const char *id_option = print_id_option(models);
	bool		has_arrays = false;
	ListCell   *lc;
	ListCell   *lc2;

	initStringInfo(&fields);
	foreach(lc, models)
	{
		const DescribedModel *model = lfirst(lc);
		bool		found = false;

		foreach(lc2, model->columns)
		{
			const DescribedColumn *column = lfirst(lc2);

			if (!column->is_custom)
				continue;
			if (!found)
				appendStringInfo(&fields, "  %s: {\n    additionalFields: {\n",
								 model->name);
			found = true;
			has_arrays |= is_parsed_array(column);
			print_field(&fields, column);
		}
		if (found)
			appendStringInfoString(&fields, "    },\n  },\n");
	}

	appendStringInfoString(buf, "import type { BetterAuthOptions } from \"better-auth\"\n\n");
	if (has_arrays)
		appendStringInfoString(buf, "// Better Auth would write an array as JSON\n"
							   "const quote = (element: unknown) => {\n"
							   "  if (element === null) return \"NULL\"\n"
							   "  const text = element instanceof Date ? element.toISOString() :\n"
							   "    typeof element === \"object\" ? JSON.stringify(element) : String(element)\n"
							   "  return `\"${text.replace(/[\"\\\\]/g, \"\\\\$&\")}\"`\n"
							   "}\n"
							   "const array = { input: (value: any): any => Array.isArray(value) ? `{${value.map(quote).join(\",\")}}` : value }\n"
							   "\n");
	appendStringInfo(buf, "// betterAuth({ ..., ...models%s%s })\n"
					 "export const models = {\n"
					 "%s"
					 "} satisfies BetterAuthOptions\n",
					 id_option ? ", " : "", id_option ? id_option : "",
					 fields.data);
}

/*
 * What lets the database make the ids, where Better Auth would make others; or
 * NULL.  It is for the application to write, which may have more of that option.
 */
static const char *
print_id_option(List *models)
{
	const char *result = NULL;
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, models)
	{
		const DescribedModel *model = lfirst(lc);
		Model		made = {.definition = model->definition, .id_type = ID_TEXT};
		const ColumnSpec *built = find_property(builtin_columns(&made), "id");

		foreach(lc2, model->columns)
		{
			const ColumnSpec *column = ((DescribedColumn *) lfirst(lc2))->column;

			if (!column->primary)
				continue;
			if (column->type == UUIDOID)
				return model->adapter->uuid_declaration;
			if (same_family(column->type, built->type) && has_own_default(column, built))
				result = "advanced: { database: { generateId: false } }";
		}
	}
	return result;
}

static void
print_field(StringInfo buf, const DescribedColumn *column)
{
	const ColumnSpec *spec = column->column;
	const char *literal = javascript_default(column);
	bool		is_created = spec->role == ROLE_CREATE_DATE && is_time(column);
	bool		is_updated = spec->role == ROLE_UPDATE_DATE && is_time(column);

	if (has_object_name(column))
	{
		append_left_out(buf, "      ", "a name that Better Auth does not take",
						column);
		return;
	}

	append_comment(buf, "      ", spec->comment);
	appendStringInfoString(buf, "      ");
	append_key(buf, column->property);
	appendStringInfoString(buf, ": { type: ");
	append_type(buf, column);
	if (is_parsed_array(column))
		appendStringInfoString(buf, ", transform: array");
	if (strcmp(column->name, column->property) != 0)
	{
		appendStringInfoString(buf, ", fieldName: ");
		append_string(buf, column->name);
	}

	/* What PostgreSQL fills by an expression Better Auth is not to require */
	if (spec->nullable || spec->as_expression ||
		(column->has_default && literal == NULL))
		appendStringInfoString(buf, ", required: false");
	if (literal)
		appendStringInfo(buf, ", defaultValue: %s", literal);
	if (is_updated)
		appendStringInfoString(buf, ", onUpdate: () => new Date()");
	if (spec->unique)
		appendStringInfoString(buf, ", unique: true");

	/* Whoever signs up or changes a profile sends what they like */
	if (!spec->input || is_read_only(column) || is_created || is_updated)
		appendStringInfoString(buf, ", input: false");
	if (!spec->select)
		appendStringInfoString(buf, ", returned: false");
	appendStringInfoString(buf, " },\n");
}

/*
 * As which of Better Auth's types the column is read.
 */
static void
append_type(StringInfo buf, const DescribedColumn *column)
{
	static const char *const names[] = {
		[JS_STRING] = "string",
		[JS_NUMBER] = "number",
		[JS_BOOLEAN] = "boolean",
		[JS_DATE] = "date",
		[JS_BUFFER] = "string",
		[JS_JSON] = "json",
		[JS_INTERVAL] = "string",
		[JS_POINT] = "string",
		[JS_CIRCLE] = "string"
	};
	const char *name = "string";

	if (column->column->enum_labels && !column->column->is_array)
	{
		appendStringInfoChar(buf, '[');
		append_list(buf, column->column->enum_labels, ", ");
		appendStringInfoChar(buf, ']');
		return;
	}

	if (is_parsed_array(column))
	{
		if (strcmp(print_value_type(column), "number[]") == 0)
			name = "number[]";
		else if (strcmp(print_element_type(column), "string") == 0)
			name = "string[]";
		else
			name = "json";
	}
	else if (!column->column->is_array)
		name = names[column->type->javascript];
	appendStringInfo(buf, "\"%s\"", name);
}
