/*-------------------------------------------------------------------------
 *
 * json_schema.c
 *	  Models as JSON Schemas (2020-12) of their rows
 *
 * They are schemas of what PostgreSQL's to_jsonb() makes of a row; what is
 * required is what whoever writes one must give.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "describe.h"

#define DIALECT "https://json-schema.org/draft/2020-12/schema"

static void print_schema(StringInfo buf, const DescribedModel *model,
						 const char *indent);
static void print_property(StringInfo buf, const DescribedColumn *column,
						   const char *indent);
static void print_value(StringInfo buf, const DescribedColumn *column,
						bool nullable);
static void append_type(StringInfo buf, const char *name, bool nullable);
static void print_default(StringInfo buf, const DescribedColumn *column);

/*
 * Print the schema of a model, or the definitions of several.
 */
void
print_json_schema(StringInfo buf, List *models)
{
	ListCell   *lc;

	appendStringInfoString(buf, "{\n  \"$schema\": \"" DIALECT "\",\n");
	if (list_length(models) == 1)
	{
		print_schema(buf, linitial(models), "  ");
		appendStringInfoString(buf, "}\n");
		return;
	}

	appendStringInfoString(buf, "  \"$defs\": {\n");
	foreach(lc, models)
	{
		const DescribedModel *model = lfirst(lc);

		appendStringInfo(buf, "    \"%s\": {\n", model->definition->name);
		print_schema(buf, model, "      ");
		appendStringInfo(buf, "    }%s\n", lnext(models, lc) ? "," : "");
	}
	appendStringInfoString(buf, "  }\n}\n");
}

static void
print_schema(StringInfo buf, const DescribedModel *model, const char *indent)
{
	List	   *required = NIL;
	ListCell   *lc;

	appendStringInfo(buf, "%s\"title\": \"%s\",\n", indent, model->definition->name);
	appendStringInfo(buf, "%s\"type\": \"object\",\n", indent);
	appendStringInfo(buf, "%s\"properties\": {\n", indent);
	foreach(lc, model->columns)
	{
		const DescribedColumn *column = lfirst(lc);

		print_property(buf, column, indent);
		appendStringInfoString(buf, lnext(model->columns, lc) ? ",\n" : "\n");
		if (!column->column->nullable && !column->has_default &&
			column->column->as_expression == NULL)
			required = lappend(required, unconstify(char *, column->property));
	}
	appendStringInfo(buf, "%s},\n%s\"required\": [", indent, indent);
	append_list(buf, required, ", ");
	appendStringInfo(buf, "],\n%s\"additionalProperties\": false\n", indent);
}

static void
print_property(StringInfo buf, const DescribedColumn *column,
			   const char *indent)
{
	const ColumnSpec *spec = column->column;

	appendStringInfo(buf, "%s  ", indent);
	append_string(buf, column->property);
	appendStringInfoString(buf, ": { ");
	if (spec->is_array)
	{
		append_type(buf, "array", spec->nullable);
		appendStringInfoString(buf, ", \"items\": { ");
		print_value(buf, column, false);
		appendStringInfoString(buf, " }");
	}
	else
		print_value(buf, column, spec->nullable);

	print_default(buf, column);
	if (spec->comment)
	{
		appendStringInfoString(buf, ", \"description\": ");
		append_string(buf, spec->comment);
	}
	if (is_read_only(column))
		appendStringInfoString(buf, ", \"readOnly\": true");
	if (!spec->select)
		appendStringInfoString(buf, ", \"writeOnly\": true");
	appendStringInfoString(buf, " }");
}

/*
 * The keywords for a value or, of an array, for its elements.
 */
static void
print_value(StringInfo buf, const DescribedColumn *column, bool nullable)
{
	static const char *const names[] = {
		[JSON_STRING] = "string",
		[JSON_INTEGER] = "integer",
		[JSON_NUMBER] = "number",
		[JSON_BOOLEAN] = "boolean",
		[JSON_OBJECT] = "object"
	};
	const ColumnSpec *spec = column->column;
	TypeModifiers modifiers = type_modifiers(spec);
	const TypeInfo *type = column->type;

	if (spec->enum_labels)
	{
		appendStringInfoString(buf, "\"enum\": [");
		append_list(buf, spec->enum_labels, ", ");
		appendStringInfo(buf, "%s]", nullable ? ", null" : "");
		return;
	}
	if (type->json == JSON_ANY)
	{
		appendStringInfoString(buf, "\"$comment\": \"any JSON value\"");
		return;
	}

	append_type(buf, names[type->json], nullable);
	if (type->json_keywords)
		appendStringInfo(buf, ", %s", type->json_keywords);
	if (modifiers.length >= 0 && (type->flags & TYPE_LENGTH) &&
		!(type->flags & TYPE_DIMENSIONS))
		appendStringInfo(buf, ", \"maxLength\": %d", modifiers.length);
}

static void
append_type(StringInfo buf, const char *name, bool nullable)
{
	if (nullable)
		appendStringInfo(buf, "\"type\": [\"%s\", \"null\"]", name);
	else
		appendStringInfo(buf, "\"type\": \"%s\"", name);
}

/*
 * A default that is a constant, as the value that it is.
 */
static void
print_default(StringInfo buf, const DescribedColumn *column)
{
	const ColumnSpec *spec = column->column;
	const char *value;

	if (column->type->json == JSON_ANY && !spec->is_array)
		value = constant_default(spec);
	else
		value = describe_default(spec);

	/* An array that is not described as one is left out */
	if (value && (!spec->is_array || value[0] == '['))
		appendStringInfo(buf, ", \"default\": %s", value);
}
