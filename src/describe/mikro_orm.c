/*-------------------------------------------------------------------------
 *
 * mikro_orm.c
 *	  Models as entities of MikroORM 5, which @auth/mikro-orm-adapter is for
 *
 * The adapter makes instances of its entities, so they are classes, and it
 * discovers them itself, which it can by decorators only.  Those are called
 * here as the functions that they are, which needs no compiler.  What it has
 * no type for is text to it.  It makes programs of the names of properties, so
 * these are identifiers.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "describe.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz0123456789_"
#define PLAIN LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static void print_entity(StringInfo buf, const DescribedModel *model,
						 List **imports);
static void print_property(StringInfo buf, const DescribedModel *model,
						   const DescribedColumn *column, List **names,
						   List **imports);
static bool has_plain_name(const DescribedColumn *column);
static void append_type(StringInfo buf, const DescribedColumn *column,
						List **imports);
static void print_target(StringInfo buf, const DescribedModel *model,
						 const char *property);
static bool is_enum(const DescribedColumn *column);
static bool has_objects(const DescribedColumn *column);
static void import(List **imports, const char *name);

/*
 * Print the models as a module of entities.
 */
void
print_mikro_orm(StringInfo buf, List *models)
{
	StringInfoData entities;
	List	   *imports = NIL;
	ListCell   *lc;
	ListCell   *lc2;

	initStringInfo(&entities);
	foreach(lc, models)
	{
		print_entity(&entities, lfirst(lc), &imports);
		foreach(lc2, ((DescribedModel *) lfirst(lc))->columns)
		{
			if (has_objects(lfirst(lc2)))
				import(&imports, "ArrayType");
		}
	}

	list_sort(imports, compare_names);
	appendStringInfoString(buf, "import { ");
	foreach(lc, imports)
		appendStringInfo(buf, "%s%s", foreach_current_index(lc) > 0 ? ", " : "",
						 (char *) lfirst(lc));
	appendStringInfoString(buf, " } from \"@mikro-orm/core\"\n"
						   "\n"
						   "// MikroOrmAdapter(config, { entities: { ");
	foreach(lc, models)
		appendStringInfo(buf, "%s%s", foreach_current_index(lc) > 0 ? ", " : "",
						 ((DescribedModel *) lfirst(lc))->definition->entity);
	appendStringInfoString(buf, " } })\n");
	if (is_member(imports, "ArrayType"))
		appendStringInfoString(buf, "\n"
							   "// MikroORM would write its elements as String() does\n"
							   "class ObjectArray extends ArrayType {\n"
							   "  convertToDatabaseValue(value, platform, context) {\n"
							   "    const print = (element) => element instanceof Date ? element.toISOString() :\n"
							   "      typeof element === \"object\" ? JSON.stringify(element) : element\n"
							   "    return super.convertToDatabaseValue(Array.isArray(value) ? value.map(print) : value, platform, context)\n"
							   "  }\n"
							   "}\n");
	appendStringInfoString(buf, entities.data);
}

static void
print_entity(StringInfo buf, const DescribedModel *model, List **imports)
{
	const char *name = model->definition->entity;
	bool		is_user = model->definition->holds_users;
	List	   *names = NIL;
	ListCell   *lc;

	import(imports, "Entity");
	if (is_user)
	{
		import(imports, "Collection");
		appendStringInfoString(buf, "\nexport class User {\n"
							   "  accounts = new Collection(this)\n"
							   "  sessions = new Collection(this)\n"
							   "}\n");
	}
	else
		appendStringInfo(buf, "\nexport class %s {}\n", name);

	appendStringInfo(buf, "Entity({ tableName: \"%s\" })(%s)\n", model->name, name);
	foreach(lc, model->columns)
		print_property(buf, model, lfirst(lc), &names, imports);
	if (is_user)
	{
		import(imports, "OneToMany");
		appendStringInfoString(buf,
							   "OneToMany({ entity: \"Account\", mappedBy: \"user\", hidden: true, orphanRemoval: true })(User.prototype, \"accounts\")\n"
							   "OneToMany({ entity: \"Session\", mappedBy: \"user\", hidden: true, orphanRemoval: true })(User.prototype, \"sessions\")\n");
	}
	else if (user_property(model->definition))
	{
		import(imports, "ManyToOne");
		appendStringInfo(buf,
						 "ManyToOne({ entity: \"User\", joinColumn: \"user_id\", hidden: true, onDelete: \"cascade\" })(%s.prototype, \"user\")\n",
						 name);
	}
}

static void
print_property(StringInfo buf, const DescribedModel *model,
			   const DescribedColumn *column, List **names, List **imports)
{
	static const char *const relations[] = {"user", "accounts", "sessions", NULL};
	const ColumnSpec *spec = column->column;
	const char *literal = javascript_default(column);
	const char *property = make_identifier(column->property, "", names);
	const char *decorator = "Property";

	/* Read with the others it would take the place of the relation */
	bool		is_lazy = column->is_custom && is_one_of(column->name, relations);

	if (!has_plain_name(column))
	{
		append_left_out(buf, "", "a name that MikroORM does not take", column);
		return;
	}

	if (spec->primary || (!has_primary_key(model) && !column->is_custom &&
						  strcmp(column->property, "token") == 0))
		decorator = "PrimaryKey";
	else if (is_enum(column))
		decorator = "Enum";
	import(imports, decorator);

	append_comment(buf, "", spec->comment);
	if (is_lazy)
		append_comment(buf, "", "a relation has the column's name: read when it is populated");
	appendStringInfo(buf, "%s({ ", decorator);
	append_type(buf, column, imports);

	/* It would derive one from another property, and not as TypeORM does */
	if (strcmp(column->name, property) != 0 ||
		(column->is_custom && property[strspn(property, LOWER)] != '\0'))
	{
		appendStringInfoString(buf, ", fieldName: ");
		append_string(buf, column->name);
	}
	if (spec->nullable)
		appendStringInfoString(buf, ", nullable: true");
	if (spec->unique)
		appendStringInfoString(buf, ", unique: true");

	/* What the relation writes */
	if (!column->is_custom && strcmp(column->property, "userId") == 0)
		appendStringInfoString(buf, ", persist: false");

	if (has_sequence(spec))
		appendStringInfoString(buf, ", autoincrement: true");
	else if (literal)
		appendStringInfo(buf, ", default: %s", literal);
	else if (spec->default_expr)
	{
		appendStringInfoString(buf, ", defaultRaw: ");
		append_string(buf, spec->default_sql);
	}
	if (spec->role == ROLE_UPDATE_DATE && is_time(column))
		appendStringInfoString(buf, ", onUpdate: () => new Date()");
	if (!spec->select)
		appendStringInfoString(buf, ", lazy: true, hidden: true");
	else if (is_lazy)
		appendStringInfoString(buf, ", lazy: true");
	appendStringInfoString(buf, " })");
	print_target(buf, model, property);
}

/*
 * Does MikroORM, which puts the names of columns into programs that it makes,
 * and takes some for expressions, take this one for a name?
 */
static bool
has_plain_name(const DescribedColumn *column)
{
	const char *name = column->name;

	if (!column->is_custom)
		return true;
	if ((*name >= '0' && *name <= '9') || has_object_name(column) ||
		strcmp(name, "prototype") == 0)
		return false;
	while (IS_HIGHBIT_SET(*name) || strchr(PLAIN, *name))
	{
		if (*name++ == '\0')
			return true;
	}
	return false;
}

static void
append_type(StringInfo buf, const DescribedColumn *column, List **imports)
{
	const ColumnSpec *spec = column->column;
	const char *name = "text";

	if (is_enum(column))
	{
		appendStringInfoString(buf, "type: \"string\", items: [");
		append_list(buf, spec->enum_labels, ", ");
		appendStringInfo(buf, "]%s", spec->is_array ? ", array: true" : "");
		return;
	}
	if (has_objects(column))
	{
		appendStringInfoString(buf, "type: ObjectArray");
		return;
	}

	import(imports, "types");
	if (is_parsed_array(column) && column->type->javascript != JS_BUFFER)
		name = "array";
	else if (!spec->is_array && column->type->mikro_orm)
		name = column->type->mikro_orm;
	appendStringInfo(buf, "type: types.%s", name);
}

/*
 * Is the column an enum, or an array of one, to MikroORM?  It reads no labels
 * in an array between quotes.
 */
static bool
is_enum(const DescribedColumn *column)
{
	ListCell   *lc;

	if (!column->column->is_array)
		return column->column->enum_labels != NIL;
	foreach(lc, column->column->enum_labels)
	{
		const char *label = lfirst(lc);

		if (label[0] == '\0' || label[strspn(label, PLAIN)] != '\0' ||
			pg_strcasecmp(label, "null") == 0)
			return false;
	}
	return column->column->enum_labels != NIL;
}

/*
 * Is the column an array of what JavaScript has as objects, which MikroORM
 * would write as String() does?
 */
static bool
has_objects(const DescribedColumn *column)
{
	return column->column->is_array &&
		(column->type->javascript == JS_JSON || is_time(column));
}

/*
 * What a decorator is applied to.
 */
static void
print_target(StringInfo buf, const DescribedModel *model, const char *property)
{
	appendStringInfo(buf, "(%s.prototype, ", model->definition->entity);
	append_string(buf, property);
	appendStringInfoString(buf, ")\n");
}

static void
import(List **imports, const char *name)
{
	if (!is_member(*imports, name))
		*imports = lappend(*imports, unconstify(char *, name));
}
