/*-------------------------------------------------------------------------
 *
 * typeorm.c
 *	  Models as the entities of @auth/typeorm-adapter
 *
 * The adapter passes on the names of its entities, which classes have and
 * EntitySchemas do not.  TypeORM neither synchronizes them nor writes
 * migrations for them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "describe.h"

static void print_entity(StringInfo buf, const DescribedModel *model);
static void print_head(StringInfo buf, const char *name, const char *schema,
					   const char *table);
static void print_users_table(StringInfo buf, const DescribedModel *users);
static void print_column(StringInfo buf, const DescribedColumn *column);
static void print_type_options(StringInfo buf, const DescribedColumn *column);
static bool is_known(const TypeInfo *type);
static const char *name_of_entity(const DescribedModel *model);
static bool has_milliseconds(List *models);

/*
 * Print the models as a module of entities.
 */
void
print_typeorm(StringInfo buf, List *models)
{
	ListCell   *lc;

	appendStringInfoString(buf, "import { EntitySchema } from \"typeorm\"\n"
						   "\n"
						   "// TypeORMAdapter({ ..., synchronize: false }, { entities: { ");
	foreach(lc, models)
		appendStringInfo(buf, "%s%s", foreach_current_index(lc) > 0 ? ", " : "",
						 name_of_entity(lfirst(lc)));
	appendStringInfoString(buf, " } })\n"
						   "\n"
						   "// The adapter asks for entities by their names\n"
						   "const entity = (options) => Object.assign(new EntitySchema(options), { name: options.name })\n");
	if (has_milliseconds(models))
		appendStringInfoString(buf, "\n"
							   "// Times are milliseconds since 1970 in a varchar\n"
							   "const time = {\n"
							   "  from: (milliseconds) => milliseconds && new Date(Number(milliseconds)),\n"
							   "  to: (date) => date?.valueOf().toString(),\n"
							   "}\n");
	foreach(lc, models)
		print_entity(buf, lfirst(lc));
	if (find_users(models))
		print_users_table(buf, find_users(models));
}

static void
print_entity(StringInfo buf, const DescribedModel *model)
{
	ListCell   *lc;

	print_head(buf, name_of_entity(model), model->schema, model->name);
	foreach(lc, model->columns)
		print_column(buf, lfirst(lc));
	appendStringInfoString(buf, "  },\n");
	if (user_property(model->definition))
		appendStringInfoString(buf, "  relations: {\n"
							   "    user: { type: \"many-to-one\", target: \"UserEntity\", joinColumn: { name: \"userId\" }, onDelete: \"CASCADE\" },\n"
							   "  },\n");
	appendStringInfoString(buf, "})\n");
}

/*
 * The entity up to its columns.
 */
static void
print_head(StringInfo buf, const char *name, const char *schema,
		   const char *table)
{
	appendStringInfo(buf, "\nexport const %s = entity({\n  name: \"%s\",\n  schema: ",
					 name, name);
	append_string(buf, schema);
	appendStringInfoString(buf, ",\n  tableName: ");
	append_string(buf, table);
	appendStringInfoString(buf, ",\n  synchronize: false,\n  columns: {\n");
}

/*
 * The table that entities of the application may refer to.
 */
static void
print_users_table(StringInfo buf, const DescribedModel *users)
{
	appendStringInfoString(buf, "\n/** What columns of your own refer to: foreignKey: { target: \"UsersTable\" }; a foreign key cannot refer to a view */");
	print_head(buf, "UsersTable", users->table_schema, users->table);
	print_column(buf, find_described_column(users, "id"));
	appendStringInfoString(buf, "  },\n})\n");
}

static void
print_column(StringInfo buf, const DescribedColumn *column)
{
	const ColumnSpec *spec = column->column;
	const char *literal = javascript_default(column);

	/* It would be put between quotes as it is */
	if (strchr(column->name, '"'))
	{
		append_left_out(buf, "    ", "a name with a double quote", column);
		return;
	}

	append_comment(buf, "    ", spec->comment);
	appendStringInfoString(buf, "    ");
	append_key(buf, column->property);
	appendStringInfoString(buf, ": { ");
	if (strcmp(column->name, column->property) != 0)
	{
		appendStringInfoString(buf, "name: ");
		append_string(buf, column->name);
		appendStringInfoString(buf, ", ");
	}
	print_type_options(buf, column);
	if (spec->primary)
		appendStringInfoString(buf, ", primary: true");
	if (spec->nullable)
		appendStringInfoString(buf, ", nullable: true");
	if (spec->unique)
		appendStringInfoString(buf, ", unique: true");

	if (has_sequence(spec))
		appendStringInfoString(buf, ", generated: true");
	else if (literal)
		appendStringInfo(buf, ", default: %s", literal);
	else if (spec->default_expr)
	{
		appendStringInfoString(buf, ", default: () => ");
		append_string(buf, spec->default_sql);
	}

	if (spec->role != ROLE_NONE && column->is_custom)
		appendStringInfo(buf, ", %s: true", role_option(spec->role));
	if (!spec->select)
		appendStringInfoString(buf, ", select: false");
	if (!spec->insert || spec->as_expression)
		appendStringInfoString(buf, ", insert: false");
	if (!spec->update || spec->as_expression)
		appendStringInfoString(buf, ", update: false");
	appendStringInfoString(buf, " },\n");
}

/*
 * TypeORM's own name of the type or, where not every version of TypeORM 0.3
 * has one, text: as a parameter PostgreSQL takes it for a value of any type.
 */
static void
print_type_options(StringInfo buf, const DescribedColumn *column)
{
	const ColumnSpec *spec = column->column;
	TypeModifiers modifiers = type_modifiers(spec);

	if (column->conversion == AS_MILLISECONDS)
	{
		appendStringInfoString(buf, "type: \"varchar\", transformer: time");
		return;
	}
	/* An array of JSON would be one JSON value to TypeORM */
	if ((spec->enum_labels == NIL && !is_known(column->type)) ||
		(spec->is_array && column->type->javascript == JS_JSON))
	{
		appendStringInfo(buf, "type: \"text\"%s",
						 spec->is_array ? ", array: true" : "");
		return;
	}

	appendStringInfoString(buf, "type: ");
	append_string(buf, describe_type(spec));
	if (spec->is_array)
		appendStringInfoString(buf, ", array: true");
	if (spec->enum_labels)
	{
		appendStringInfoString(buf, ", enum: [");
		append_list(buf, spec->enum_labels, ", ");
		appendStringInfoString(buf, "], enumName: ");
		append_string(buf, spec->enum_name);
	}
	if (modifiers.length >= 0)
		appendStringInfo(buf, ", length: %d", modifiers.length);
	if (modifiers.precision >= 0)
		appendStringInfo(buf, ", precision: %d", modifiers.precision);
	if (modifiers.precision >= 0 && modifiers.scale > 0)
		appendStringInfo(buf, ", scale: %d", modifiers.scale);
}

/*
 * Does every TypeORM 0.3 have the type?
 */
static bool
is_known(const TypeInfo *type)
{
	return type->spellings[0] && !(type->flags & TYPE_NEW_TO_TYPEORM);
}

/*
 * As the adapter's own entities are called.
 */
static const char *
name_of_entity(const DescribedModel *model)
{
	return psprintf("%sEntity", model->definition->entity);
}

static bool
has_milliseconds(List *models)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, models)
	{
		foreach(lc2, ((DescribedModel *) lfirst(lc))->columns)
		{
			if (((DescribedColumn *) lfirst(lc2))->conversion == AS_MILLISECONDS)
				return true;
		}
	}
	return false;
}
