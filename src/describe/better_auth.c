/*-------------------------------------------------------------------------
 *
 * better_auth.c
 *	  Custom properties as Better Auth's additional fields
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "describe.h"

static void print_field(StringInfo buf, const DescribedColumn *column);
static void append_type(StringInfo buf, const DescribedColumn *column);

/*
 * Print the custom properties of the models as the options that Better Auth
 * takes for them.
 */
void
print_better_auth(StringInfo buf, List *models)
{
	ListCell   *lc;
	ListCell   *lc2;

	appendStringInfoString(buf, "// betterAuth({ ..., ...models })\n"
						   "export const models = {\n");
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
				appendStringInfo(buf, "  %s: {\n    additionalFields: {\n",
								 model->name);
			found = true;
			print_field(buf, column);
		}
		if (found)
			appendStringInfoString(buf, "    },\n  },\n");
	}
	appendStringInfoString(buf, "}\n");
}

static void
print_field(StringInfo buf, const DescribedColumn *column)
{
	const ColumnSpec *spec = column->column;
	const char *literal = javascript_default(column);
	bool		is_created = spec->role == ROLE_CREATE_DATE && is_time(column);
	bool		is_updated = spec->role == ROLE_UPDATE_DATE && is_time(column);

	append_comment(buf, "      ", spec->comment);
	appendStringInfoString(buf, "      ");
	append_key(buf, column->property);
	appendStringInfoString(buf, ": { type: ");
	append_type(buf, column);
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
	if (is_read_only(column) || is_created || is_updated)
		appendStringInfoString(buf, ", input: false");
	if (!spec->select)
		appendStringInfoString(buf, ", returned: false");
	appendStringInfoString(buf, " },\n");
}

/*
 * Better Auth stores its own arrays as text of JSON; it leaves those of
 * PostgreSQL alone when it takes them for JSON.
 */
static void
append_type(StringInfo buf, const DescribedColumn *column)
{
	static const struct
	{
		const char *type;
		const char *name;
	}			types[] = {
		{"int2", "number"},
		{"int4", "number"},
		{"float4", "number"},
		{"float8", "number"},
		{"bool", "boolean"},
		{"timestamptz", "date"},
		{"timestamp", "date"},
		{"date", "date"},
		{"json", "json"},
		{"jsonb", "json"}
	};
	const char *name = "string";

	if (column->column->enum_labels && !column->column->is_array)
	{
		appendStringInfoChar(buf, '[');
		append_list(buf, column->column->enum_labels, ", ");
		appendStringInfoChar(buf, ']');
		return;
	}

	for (size_t i = 0; i < lengthof(types); i++)
		if (strcmp(types[i].type, column->type) == 0)
			name = types[i].name;
	appendStringInfo(buf, "\"%s\"", column->column->is_array ? "json" : name);
}
