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

/* The keywords of a type's values; "type" first */
typedef struct JsonType
{
	const char *type;
	const char *name;
	const char *keywords;
} JsonType;

static const JsonType types[] = {
	{"int2", "integer", "\"minimum\": -32768, \"maximum\": 32767"},
	{"int4", "integer", "\"minimum\": -2147483648, \"maximum\": 2147483647"},
	{"int8", "integer", NULL},
	{"numeric", "number", NULL},
	{"float4", "number", NULL},
	{"float8", "number", NULL},
	{"bool", "boolean", NULL},
	{"timestamptz", "string", "\"format\": \"date-time\""},
	{"date", "string", "\"format\": \"date\""},
	{"uuid", "string", "\"format\": \"uuid\""},
	{"bytea", "string", "\"pattern\": \"^\\\\\\\\x([0-9a-f]{2})*$\""},
	{"bit", "string", "\"pattern\": \"^[01]*$\""},
	{"varbit", "string", "\"pattern\": \"^[01]*$\""},
	{"hstore", "object", NULL},
	{"geometry", "object", NULL},
	{"geography", "object", NULL},
	{NULL, NULL, NULL}
};

static void print_schema(StringInfo buf, const DescribedModel *model,
						 const char *indent);
static void print_property(StringInfo buf, const DescribedColumn *column,
						   const char *indent);
static void print_value(StringInfo buf, const DescribedColumn *column,
						bool nullable);
static void append_type(StringInfo buf, const char *name, bool nullable);
static void print_default(StringInfo buf, const DescribedColumn *column);
static bool is_json(const DescribedColumn *column);

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
	const ColumnSpec *spec = column->column;
	TypeModifiers modifiers = type_modifiers(spec);
	const JsonType *type = types;

	if (spec->enum_labels)
	{
		appendStringInfoString(buf, "\"enum\": [");
		append_list(buf, spec->enum_labels, ", ");
		appendStringInfo(buf, "%s]", nullable ? ", null" : "");
		return;
	}
	if (is_json(column))
	{
		/* Whatever it is */
		appendStringInfoString(buf, "\"$comment\": \"any JSON value\"");
		return;
	}

	while (type->type && strcmp(type->type, column->type) != 0)
		type++;
	append_type(buf, type->type ? type->name : "string", nullable);
	if (type->type && type->keywords)
		appendStringInfo(buf, ", %s", type->keywords);
	if (modifiers.length >= 0 &&
		(strcmp(column->type, "varchar") == 0 ||
		 strcmp(column->type, "bpchar") == 0 ||
		 strcmp(column->type, "bit") == 0 ||
		 strcmp(column->type, "varbit") == 0))
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

	if (is_json(column) && !spec->is_array)
		value = constant_default(spec);
	else
		value = describe_default(spec);

	/* An array that is not described as one is left out */
	if (value && (!spec->is_array || value[0] == '['))
		appendStringInfo(buf, ", \"default\": %s", value);
}

static bool
is_json(const DescribedColumn *column)
{
	static const char *const names[] = {"json", "jsonb", NULL};

	return is_one_of(column->type, names);
}
