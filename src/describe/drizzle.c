/*-------------------------------------------------------------------------
 *
 * drizzle.c
 *	  Models as tables of drizzle-orm/pg-core
 *
 * What Drizzle has no type for gets a custom type, whose values are what the
 * package pg makes of them.
 *
 * drizzle-kit makes, alters and drops what a module exports by itself, and
 * drops what else it finds where it looks.  So tables are exported within
 * objects, and it is told where not to look.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "describe.h"

/* What the printed tables need before them */
typedef struct Module
{
	List	   *imports;		/* of char *, from drizzle-orm/pg-core */
	bool		uses_sql;		/* from drizzle-orm */
	List	   *names;			/* of char *, those of definitions */
	bool		for_better_auth;
	List	   *schemas;		/* of Definition */
	List	   *definitions;	/* of Definition */
} Module;

/* The schema that Drizzle takes for none */
#define NO_SCHEMA "public"

/* A schema, an enum, or a type that Drizzle does not have */
typedef struct Definition
{
	const char *type;			/* in SQL, or the schema */
	const char *name;
	char	   *source;
} Definition;

static void print_advice(StringInfo buf, const Module *module, List *models);
static void append_ignored(StringInfo buf, const char *name);
static void print_objects(StringInfo buf, Module *module, List *models);
static void print_table(StringInfo buf, Module *module, List *models,
						const DescribedModel *model);
static void print_column(StringInfo buf, Module *module, bool with_references,
						 const DescribedModel *model,
						 const DescribedColumn *column);
static void append_type(StringInfo buf, Module *module,
						const DescribedColumn *column);
static void print_options(StringInfo buf, const Module *module,
						  const DescribedColumn *column);
static const char *define_enum(Module *module, const ColumnSpec *column);
static const char *define_type(Module *module, const DescribedColumn *column);
static const char *define_schema(Module *module, const char *schema);
static const char *function_of_schema(Module *module, const char *schema);
static const Definition *find_definition(List *definitions, const char *type);
static bool has_type(const Module *module, const DescribedColumn *column);
static bool is_as_driver(const Module *module, const DescribedColumn *column);
static const char *name_of_table(const DescribedModel *model);
static void import(Module *module, const char *name);

/*
 * Print the models as a module of tables.
 */
void
print_drizzle(StringInfo buf, List *models)
{
	/* Not to be the names of definitions */
	Module		module = {
		.names = list_make3("customType", "pgEnum", "pgSchema"),
		.for_better_auth = is_for_better_auth(linitial(models))
	};
	StringInfoData tables;
	ListCell   *lc;

	initStringInfo(&tables);
	foreach(lc, models)
		print_table(&tables, &module, models, lfirst(lc));
	print_objects(&tables, &module, models);

	if (module.uses_sql)
		appendStringInfoString(buf, "import { sql } from \"drizzle-orm\"\n");
	list_sort(module.imports, compare_names);
	appendStringInfoString(buf, "import { ");
	foreach(lc, module.imports)
		appendStringInfo(buf, "%s%s", foreach_current_index(lc) > 0 ? ", " : "",
						 (char *) lfirst(lc));
	appendStringInfoString(buf, " } from \"drizzle-orm/pg-core\"\n\n");
	print_advice(buf, &module, models);

	appendStringInfoChar(buf, '\n');
	foreach(lc, module.schemas)
		appendStringInfoString(buf, ((Definition *) lfirst(lc))->source);
	foreach(lc, module.definitions)
		appendStringInfoString(buf, ((Definition *) lfirst(lc))->source);
	appendStringInfoString(buf, tables.data);
}

/*
 * Say how to use the module, and what drizzle-kit has to be told.
 */
static void
print_advice(StringInfo buf, const Module *module, List *models)
{
	StringInfoData ignored;
	StringInfoData line;
	List	   *schemas = NIL;
	ListCell   *lc;

	appendStringInfo(buf, "// %s. In a table of your own: .references(() => nextauth.users.id)\n",
					 module->for_better_auth ?
					 "drizzleAdapter(db, { provider: \"pg\", schema: authTables })" :
					 "DrizzleAdapter(db, authTables)");
	appendStringInfoString(buf, "// Leave tables in their objects: drizzle-kit would make those that a file exports by themselves.\n");

	foreach(lc, module->schemas)
		schemas = lappend(schemas,
						  unconstify(char *, ((Definition *) lfirst(lc))->type));
	if (schemas)
	{
		initStringInfo(&line);
		appendStringInfoString(&line, "drizzle.config: schemaFilter must not have ");
		append_list(&line, schemas, ", ");
		appendStringInfoString(&line, ", or drizzle-kit drops what is there.");
		append_lines(buf, "//", line.data);
	}

	/* Where the application has its own tables a name has to do */
	initStringInfo(&ignored);
	foreach(lc, models)
	{
		const DescribedModel *model = lfirst(lc);

		if (strcmp(model->schema, NO_SCHEMA) == 0)
			append_ignored(&ignored, model->name);
		if (model->table && strcmp(model->table_schema, NO_SCHEMA) == 0)
			append_ignored(&ignored, model->table);
	}
	if (ignored.len > 0)
	{
		initStringInfo(&line);
		appendStringInfo(&line, "drizzle.config: tablesFilter: [%s]",
						 ignored.data);
		append_lines(buf, "//", line.data);
	}
}

static void
append_ignored(StringInfo buf, const char *name)
{
	if (buf->len > 0)
		appendStringInfoString(buf, ", ");
	append_string(buf, psprintf("!%s", name));
}

/*
 * Print what the module exports: the tables for the adapter, and the one that
 * the application's own may refer to.
 */
static void
print_objects(StringInfo buf, Module *module, List *models)
{
	const DescribedModel *users = find_users(models);
	ListCell   *lc;

	appendStringInfoString(buf, "\nexport const authTables = { ");
	foreach(lc, models)
	{
		const DescribedModel *model = lfirst(lc);

		if (foreach_current_index(lc) > 0)
			appendStringInfoString(buf, ", ");
		if (module->for_better_auth)
			appendStringInfo(buf, "%s: ", model->name);
		appendStringInfoString(buf, name_of_table(model));
	}
	appendStringInfoString(buf, " }\n");
	if (users == NULL)
		return;

	appendStringInfoString(buf, "\n/** What your own tables refer to; a foreign key cannot refer to a view */\n"
						   "export const nextauth = { users: ");
	appendStringInfo(buf, "%s(", function_of_schema(module, users->table_schema));
	append_string(buf, users->table);
	appendStringInfoString(buf, ", { id: ");
	append_type(buf, module, find_described_column(users, "id"));
	appendStringInfoString(buf, ".primaryKey() }) }\n");
}

static void
print_table(StringInfo buf, Module *module, List *models,
			const DescribedModel *model)
{
	List	   *key = find_key(model);
	ListCell   *lc;

	appendStringInfo(buf, "\nconst %s = %s(\"%s\", {\n", name_of_table(model),
					 function_of_schema(module, model->schema), model->name);
	foreach(lc, model->columns)
		print_column(buf, module, find_users(models) != NULL, model,
					 lfirst(lc));
	if (list_length(key) > 1)
	{
		import(module, "primaryKey");
		appendStringInfoString(buf, "}, (table) => [primaryKey({ columns: [");
		foreach(lc, key)
			appendStringInfo(buf, "%stable.%s",
							 foreach_current_index(lc) > 0 ? ", " : "",
							 (char *) lfirst(lc));
		appendStringInfoString(buf, "] })])\n");
	}
	else
		appendStringInfoString(buf, "})\n");
}

static void
print_column(StringInfo buf, Module *module, bool with_references,
			 const DescribedModel *model, const DescribedColumn *column)
{
	const ColumnSpec *spec = column->column;
	const char *literal = javascript_default(column);

	if (is_left_out(column) && !module->for_better_auth)
	{
		append_left_out(buf, "  ", NOT_SELECTED, column);
		return;
	}

	append_comment(buf, "  ", spec->comment);
	appendStringInfoString(buf, "  ");
	append_key(buf, module->for_better_auth ? column->name : column->property);
	appendStringInfoString(buf, ": ");
	append_type(buf, module, column);
	if (spec->is_array && !is_as_driver(module, column))
		appendStringInfoString(buf, ".array()");

	if (spec->primary || is_key(model, column))
		appendStringInfoString(buf, ".primaryKey()");
	else
	{
		if (!spec->nullable)
			appendStringInfoString(buf, ".notNull()");
		if (spec->unique)
			appendStringInfoString(buf, ".unique()");
	}

	if (spec->generated == GENERATED_IDENTITY)
		appendStringInfoString(buf, ".generatedByDefaultAsIdentity()");
	else if (spec->as_expression)
	{
		appendStringInfoString(buf, ".generatedAlwaysAs(sql");
		append_template(buf, spec->as_expression);
		appendStringInfoChar(buf, ')');
		module->uses_sql = true;
	}
	else if (literal &&
			 (spec->enum_labels || (has_type(module, column) &&
									column->type->oid != NUMERICOID)))
		appendStringInfo(buf, ".default(%s)", literal);
	else if (spec->generated == GENERATED_INCREMENT)
	{
		/* Which sequence that is matters to migrations alone */
		appendStringInfoString(buf, ".default(sql`default`)");
		module->uses_sql = true;
	}
	else if (spec->default_expr)
	{
		appendStringInfoString(buf, ".default(sql");
		append_template(buf, spec->default_sql);
		appendStringInfoChar(buf, ')');
		module->uses_sql = true;
	}
	if (spec->role == ROLE_UPDATE_DATE && is_time(column) &&
		column->type->oid != DATEOID)
		appendStringInfoString(buf, ".$onUpdate(() => new Date())");

	if (with_references && !column->is_custom &&
		strcmp(column->property, "userId") == 0)
		appendStringInfoString(buf, ".references(() => usersTable.id, { onDelete: \"cascade\" })");
	appendStringInfoString(buf, ",\n");
}

/*
 * The call that makes a column of its type, less ".array()".
 */
static void
append_type(StringInfo buf, Module *module, const DescribedColumn *column)
{
	const char *function;

	if (column->column->enum_labels && !is_as_driver(module, column))
		function = define_enum(module, column->column);
	else if (has_type(module, column))
	{
		function = column->type->drizzle.function;
		import(module, function);
	}
	else
		function = define_type(module, column);

	appendStringInfo(buf, "%s(", function);
	append_string(buf, column->name);
	if (has_type(module, column))
		print_options(buf, module, column);
	appendStringInfoChar(buf, ')');
}

static void
print_options(StringInfo buf, const Module *module,
			  const DescribedColumn *column)
{
	const TypeInfo *type = column->type;
	TypeModifiers modifiers = type_modifiers(column->column);
	StringInfoData options;

	initStringInfo(&options);
	if (module->for_better_auth && type->oid == DATEOID)
		appendStringInfoString(&options, ", mode: \"date\"");
	if (type->drizzle.options)
		appendStringInfo(&options, ", %s", type->drizzle.options);
	if ((type->flags & TYPE_LENGTH) && modifiers.length >= 0)
		appendStringInfo(&options, ", %s: %d",
						 type->flags & TYPE_DIMENSIONS ? "dimensions" : "length",
						 modifiers.length);
	if ((type->flags & TYPE_PRECISION) && modifiers.precision >= 0)
		appendStringInfo(&options, ", precision: %d", modifiers.precision);
	if ((type->flags & TYPE_SCALE) && modifiers.precision >= 0)
		appendStringInfo(&options, ", scale: %d", modifiers.scale);
	if (options.len > 0)
		appendStringInfo(buf, ", { %s }", options.data + 2);
}

/*
 * The name of an enum's constant, which is defined when it is new.
 */
static const char *
define_enum(Module *module, const ColumnSpec *column)
{
	char	   *type = format_type_be_qualified(element_type(column));
	const Definition *found = find_definition(module->definitions, type);
	const char *schema = name_of_schema(namespace_of_type(element_type(column)));
	Definition *definition;
	StringInfoData buf;

	if (found)
		return found->name;

	definition = palloc0_object(Definition);
	definition->type = type;
	definition->name = make_identifier(name_property(column->enum_name), "Enum",
									   &module->names);
	initStringInfo(&buf);

	/* Where drizzle-kit looks it drops a type that is not exported */
	if (strcmp(schema, NO_SCHEMA) == 0)
	{
		import(module, "pgEnum");
		appendStringInfo(&buf, "export const %s = pgEnum(", definition->name);
	}
	else
		appendStringInfo(&buf, "const %s = %s.enum(", definition->name,
						 define_schema(module, schema));
	append_string(&buf, column->enum_name);
	appendStringInfoString(&buf, ", [");
	append_list(&buf, column->enum_labels, ", ");
	appendStringInfoString(&buf, "])\n");
	definition->source = buf.data;
	module->definitions = lappend(module->definitions, definition);
	return definition->name;
}

/*
 * The name of a custom type's constant, which is defined when it is new.
 */
static const char *
define_type(Module *module, const DescribedColumn *column)
{
	DescribedColumn element = *column;
	ColumnSpec	spec = *column->column;
	char	   *type;
	const Definition *found;
	Definition *definition;
	StringInfoData buf;

	if (!is_as_driver(module, column))
	{
		spec.type = element_type(&spec);
		spec.is_array = false;
	}
	element.column = &spec;
	type = print_sql_type(&element);
	found = find_definition(module->definitions, type);
	if (found)
		return found->name;

	definition = palloc0_object(Definition);
	definition->type = type;
	definition->name = make_identifier(column->type->name, "Type", &module->names);
	import(module, "customType");
	initStringInfo(&buf);
	appendStringInfo(&buf, "const %s = customType<{ data: %s }>({ dataType: () => ",
					 definition->name, print_value_type(&element));
	append_string(&buf, type);

	/* Not written as it is read */
	if (column->type->javascript == JS_CIRCLE)
		appendStringInfoString(&buf, ", toDriver: ({ x, y, radius }) => `<(${x},${y}),${radius}>`");
	appendStringInfoString(&buf, " })\n");
	definition->source = buf.data;
	module->definitions = lappend(module->definitions, definition);
	return definition->name;
}

/*
 * The name of a schema's constant, which is defined when it is new.
 */
static const char *
define_schema(Module *module, const char *schema)
{
	const Definition *found = find_definition(module->schemas, schema);
	Definition *definition;
	StringInfoData buf;

	if (found)
		return found->name;

	definition = palloc0_object(Definition);
	definition->type = schema;
	definition->name = make_identifier(name_property(schema), "Schema",
									   &module->names);
	import(module, "pgSchema");
	initStringInfo(&buf);
	appendStringInfo(&buf, "const %s = pgSchema(", definition->name);
	append_string(&buf, schema);
	appendStringInfoString(&buf, ")\n");
	definition->source = buf.data;
	module->schemas = lappend(module->schemas, definition);
	return definition->name;
}

/*
 * The function that makes a table of a schema.
 */
static const char *
function_of_schema(Module *module, const char *schema)
{
	if (strcmp(schema, NO_SCHEMA) == 0)
	{
		import(module, "pgTable");
		return "pgTable";
	}
	return psprintf("%s.table", define_schema(module, schema));
}

static const Definition *
find_definition(List *definitions, const char *type)
{
	ListCell   *lc;

	foreach(lc, definitions)
	{
		const Definition *definition = lfirst(lc);

		if (strcmp(definition->type, type) == 0)
			return definition;
	}
	return NULL;
}

/*
 * Has Drizzle a type for the column, or does it have to be defined?
 */
static bool
has_type(const Module *module, const DescribedColumn *column)
{
	const TypeInfo *type = column->type;

	if (column->column->enum_labels || is_as_driver(module, column) ||
		type->drizzle.function == NULL)
		return false;

	/* Drizzle must know the number of dimensions */
	return !(type->flags & TYPE_DIMENSIONS) ||
		type_modifiers(column->column).length > 0;
}

/*
 * Is a value to be what the package pg makes of it, as Better Auth, which has
 * no such type and makes arrays text, expects?
 */
static bool
is_as_driver(const Module *module, const DescribedColumn *column)
{
	return module->for_better_auth &&
		(column->column->is_array || column->type->oid == INT8OID ||
		 column->type->oid == POINTOID);
}

/*
 * As the adapter's option is called.
 */
static const char *
name_of_table(const DescribedModel *model)
{
	const char *entity = model->definition->entity;

	return psprintf("%c%ssTable", pg_ascii_tolower(entity[0]), entity + 1);
}

static void
import(Module *module, const char *name)
{
	if (!is_member(module->imports, name))
		module->imports = lappend(module->imports, unconstify(char *, name));
}
