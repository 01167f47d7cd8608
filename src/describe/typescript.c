/*-------------------------------------------------------------------------
 *
 * typescript.c
 *	  Custom properties as declarations for the types of Auth.js
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "describe.h"

/*
 * The modules of Auth.js that declare an application's types, and those of its
 * database's rows.  Which of them an application can name depends on the
 * framework and on the package manager: that of next-auth 4 declares its own,
 * that of next-auth 5 passes @auth/core's on, which other frameworks have alone.
 */
#define TYPES "@auth/core/types"
#define ADAPTERS "@auth/core/adapters"

static const struct
{
	const char *name;
	const char *declares;		/* TYPES or ADAPTERS */
}			modules[] = {
	{TYPES, TYPES},
	{ADAPTERS, ADAPTERS},
	{"next-auth", TYPES},
	{"next-auth/adapters", ADAPTERS}
};

/* Where Auth.js has the types that describe a model's rows */
typedef struct Interface
{
	const char *model;
	const char *module;			/* TYPES or ADAPTERS */
	const char *name;
	bool		is_partial;		/* also of one that is not in the database yet */
} Interface;

static const Interface interfaces[] = {
	{"User", TYPES, "User", true},
	{"User", ADAPTERS, "AdapterUser", false},
	{"Account", TYPES, "Account", true},
	{"Account", ADAPTERS, "AdapterAccount", false},
	{"Session", ADAPTERS, "AdapterSession", false},
	{"VerificationRequest", ADAPTERS, "VerificationToken", false}
};

static void print_module(StringInfo buf, const char *name, const char *module,
						 List *models);
static void print_interface(StringInfo buf, const Interface *interface,
							const DescribedModel *model);
static bool has_custom(List *models, const char *module);

/*
 * Print the custom properties of the models as augmentations of the modules
 * whose types an application uses.
 */
void
print_typescript(StringInfo buf, List *models)
{
	/* Without it the file would replace the modules */
	appendStringInfoString(buf, "export {}\n");
	print_interval_type(buf, models);
	for (size_t i = 0; i < lengthof(modules); i++)
		print_module(buf, modules[i].name, modules[i].declares, models);
}

/*
 * Print what an interval is, if there is one.
 */
void
print_interval_type(StringInfo buf, List *models)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, models)
	{
		foreach(lc2, ((DescribedModel *) lfirst(lc))->columns)
		{
			if (((DescribedColumn *) lfirst(lc2))->type->javascript != JS_INTERVAL)
				continue;
			appendStringInfoString(buf, "\n"
								   "export interface PostgresInterval {\n"
								   "  years?: number\n"
								   "  months?: number\n"
								   "  days?: number\n"
								   "  hours?: number\n"
								   "  minutes?: number\n"
								   "  seconds?: number\n"
								   "  milliseconds?: number\n"
								   "}\n");
			return;
		}
	}
}

/*
 * Declare further properties of what "module" declares, under the name of one
 * that may not be installed.  Where two are, they agree.
 */
static void
print_module(StringInfo buf, const char *name, const char *module,
			 List *models)
{
	bool		is_first = true;

	if (!has_custom(models, module))
		return;
	appendStringInfo(buf, "\n// @ts-ignore: it need not be installed\ndeclare module \"%s\" {\n",
					 name);
	for (size_t i = 0; i < lengthof(interfaces); i++)
	{
		DescribedModel *model = find_described(models, interfaces[i].model);

		if (model == NULL || strcmp(interfaces[i].module, module) != 0 ||
			!has_custom(list_make1(model), module))
			continue;
		if (!is_first)
			appendStringInfoChar(buf, '\n');
		is_first = false;
		print_interface(buf, &interfaces[i], model);
	}
	appendStringInfoString(buf, "}\n");
}

static void
print_interface(StringInfo buf, const Interface *interface,
				const DescribedModel *model)
{
	ListCell   *lc;

	appendStringInfo(buf, "  interface %s {\n", interface->name);
	foreach(lc, model->columns)
	{
		const DescribedColumn *column = lfirst(lc);

		if (!column->is_custom)
			continue;
		append_comment(buf, "    ", column->column->comment);
		appendStringInfo(buf, "    %s", is_read_only(column) ? "readonly " : "");
		append_key(buf, column->property);
		appendStringInfo(buf, "%s: %s%s\n", interface->is_partial ? "?" : "",
						 print_value_type(column),
						 column->column->nullable ? " | null" : "");
	}
	appendStringInfoString(buf, "  }\n");
}

/*
 * Is there anything to say in a module?
 */
static bool
has_custom(List *models, const char *module)
{
	ListCell   *lc;

	for (size_t i = 0; i < lengthof(interfaces); i++)
	{
		DescribedModel *model = find_described(models, interfaces[i].model);

		if (model == NULL || strcmp(interfaces[i].module, module) != 0)
			continue;
		foreach(lc, model->columns)
		{
			if (((DescribedColumn *) lfirst(lc))->is_custom)
				return true;
		}
	}
	return false;
}

/*
 * The type of the value, unless it is null, that the package pg returns.
 */
char *
print_value_type(const DescribedColumn *column)
{
	char	   *element;

	if (!column->column->is_array)
		return print_element_type(column);
	if (!is_parsed_array(column))
		return pstrdup("string");
	if (column->type->oid == NUMERICOID)
		return pstrdup("number[]");
	element = print_element_type(column);
	return psprintf(strchr(element, ' ') ? "(%s)[]" : "%s[]", element);
}

/*
 * Is the column an array that the package pg takes apart?
 */
bool
is_parsed_array(const DescribedColumn *column)
{
	return column->column->is_array && (column->type->flags & TYPE_PARSED_ARRAY);
}

/*
 * The type of the value or, of an array, of its elements.
 */
char *
print_element_type(const DescribedColumn *column)
{
	static const char *const names[] = {
		[JS_STRING] = "string",
		[JS_NUMBER] = "number",
		[JS_BOOLEAN] = "boolean",
		[JS_DATE] = "Date",
		[JS_BUFFER] = "Buffer",
		[JS_JSON] = "unknown",
		[JS_INTERVAL] = "PostgresInterval",
		[JS_POINT] = "{ x: number; y: number }",
		[JS_CIRCLE] = "{ x: number; y: number; radius: number }"
	};

	if (column->column->enum_labels)
	{
		StringInfoData buf;

		initStringInfo(&buf);
		append_list(&buf, column->column->enum_labels, " | ");
		return buf.data;
	}
	return pstrdup(names[column->type->javascript]);
}
