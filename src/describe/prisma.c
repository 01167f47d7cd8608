/*-------------------------------------------------------------------------
 *
 * prisma.c
 *	  Models as models and enums of a schema.prisma
 *
 * Prisma's names are of letters, digits and underscores; @map says what is
 * behind another one.  The types of extensions are strings to Prisma's driver
 * for PostgreSQL.  What else it has no type for is Unsupported: it is in the
 * schema, but Prisma's client neither reads nor writes it.
 *
 * Prisma Migrate makes, alters and drops what is in the schemas that it is
 * told of, except what prisma.config.ts names as external.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "describe.h"

/* What a time type has when none is given */
#define FULL_PRECISION 6

/* The model of the table that the application's own may refer to */
#define USERS_TABLE "NextauthUsers"

/* A line of a model */
typedef struct Field
{
	char	   *name;
	char	   *type;
	char	   *attributes;
	const char *comment;
} Field;

typedef struct PrismaEnum
{
	Oid			type;
	const char *name;			/* in the database */
	char	   *schema;
	char	   *identifier;
	List	   *labels;
	List	   *label_identifiers;
} PrismaEnum;

static void print_datasource(StringInfo buf, List *models, List *enums);
static void print_config(StringInfo buf, List *models, List *enums);
static List *add_name(List *names, const char *schema, const char *name);
static void print_users_table(StringInfo buf, const DescribedModel *users);
static void print_model(StringInfo buf, const DescribedModel *model,
						List **enums, List **type_names);
static char *name_of_model(const char *view);
static bool has_prisma_name(const DescribedModel *model,
							const DescribedColumn *column);
static bool is_hidden(const DescribedModel *model,
					  const DescribedColumn *column);
static void print_schema(StringInfo buf, const char *schema);
static void print_enum(StringInfo buf, const PrismaEnum *prisma_enum);
static void print_fields(StringInfo buf, List *fields);
static bool is_looked_up(const DescribedModel *model, const DescribedColumn *column);
static Field *make_field(const DescribedModel *model,
						 const DescribedColumn *column, List **names,
						 List **enums, List **type_names);
static List *make_relations(const DescribedModel *model);
static Field *make_relation(const char *name, const char *type,
							const char *attributes);
static void print_native_type(StringInfo buf, const DescribedColumn *column,
							  const TypeInfo *type);
static void print_default(StringInfo buf, const DescribedColumn *column,
						  const TypeInfo *type,
						  const PrismaEnum *prisma_enum);
static bool print_constant(StringInfo buf, const DescribedColumn *column,
						   const TypeInfo *type,
						   const PrismaEnum *prisma_enum);
static const TypeInfo *find_type(const DescribedColumn *column);
static PrismaEnum *find_enum(const ColumnSpec *column, List **enums,
							 List **type_names);
static const char *label_identifier(const PrismaEnum *prisma_enum,
									const char *label);

/*
 * Print the models as blocks of a schema.prisma.
 */
void
print_prisma(StringInfo buf, List *models)
{
	StringInfoData blocks;
	List	   *enums = NIL;
	List	   *type_names = NIL;
	ListCell   *lc;

	/* Enums share their name space with models, printed or not */
	for (const ConventionView *view = ((DescribedModel *) linitial(models))->adapter->views;
		 view->name; view++)
		type_names = lappend(type_names, name_of_model(view->name));

	initStringInfo(&blocks);
	type_names = lappend(type_names, USERS_TABLE);
	foreach(lc, models)
		print_model(&blocks, lfirst(lc), &enums, &type_names);
	if (find_users(models))
		print_users_table(&blocks, find_users(models));
	foreach(lc, enums)
		print_enum(&blocks, lfirst(lc));
	print_datasource(buf, models, enums);
	print_config(buf, models, enums);
	appendStringInfoString(buf, blocks.data);
}

/*
 * Say what the datasource, which is the application's, must know.
 *
 * Models and enums name their schemas: Prisma asks for everything in one
 * schema otherwise, for the enums in that of the views, and for the
 * application's own tables.
 */
static void
print_datasource(StringInfo buf, List *models, List *enums)
{
	List	   *schemas = NIL;
	StringInfoData line;
	ListCell   *lc;

	foreach(lc, models)
	{
		const DescribedModel *model = lfirst(lc);

		if (!is_member(schemas, model->schema))
			schemas = lappend(schemas, unconstify(char *, model->schema));
		if (model->definition->holds_users &&
			!is_member(schemas, model->table_schema))
			schemas = lappend(schemas, unconstify(char *, model->table_schema));
	}
	foreach(lc, enums)
	{
		const PrismaEnum *prisma_enum = lfirst(lc);

		if (!is_member(schemas, prisma_enum->schema))
			schemas = lappend(schemas, prisma_enum->schema);
	}

	/* To be taken over into the block as it is, even from a comment */
	initStringInfo(&line);
	appendStringInfoString(&line, "in the datasource, beside your own: schemas = [");
	append_list(&line, schemas, ", ");
	appendStringInfoChar(&line, ']');
	append_lines(buf, "//", line.data);
}

/*
 * Say what prisma.config.ts must know, to be taken over even from a comment.
 *
 * What is external is neither made nor altered nor dropped: the views, the
 * tables, the extension's own ones among them, and enums.  A foreign key to
 * the users makes Prisma's shadow database need such a table.
 */
static void
print_config(StringInfo buf, List *models, List *enums)
{
	const DescribedModel *users = find_users(models);
	List	   *tables = NIL;
	List	   *types = NIL;
	StringInfoData line;
	ListCell   *lc;

	foreach(lc, models)
	{
		const DescribedModel *model = lfirst(lc);

		tables = add_name(tables, model->schema, model->name);
		if (model->table)
			tables = add_name(tables, model->table_schema, model->table);
		else
			tables = add_name(tables, NEXTAUTH_SCHEMA, model->definition->table_name);
	}
	foreach(lc, find_tables_in(NEXTAUTH_SCHEMA))
		tables = add_name(tables, NEXTAUTH_SCHEMA, lfirst(lc));
	foreach(lc, enums)
		types = add_name(types, ((PrismaEnum *) lfirst(lc))->schema,
						 ((PrismaEnum *) lfirst(lc))->name);
	foreach(lc, find_enums_in(NEXTAUTH_SCHEMA))
		types = add_name(types, NEXTAUTH_SCHEMA, lfirst(lc));

	initStringInfo(&line);
	appendStringInfoString(&line, "in prisma.config.ts, or Prisma Migrate and db push make and drop what is the extension's:\n"
						   "  experimental: { externalTables: true },\n"
						   "  tables: { external: [");
	append_list(&line, tables, ", ");
	appendStringInfoString(&line, "] },\n");
	if (types)
	{
		appendStringInfoString(&line, "  enums: { external: [");
		append_list(&line, types, ", ");
		appendStringInfoString(&line, "] },\n");
	}
	if (users)
	{
		const char *schema = quote_identifier(users->table_schema);

		appendStringInfoString(&line, "  migrations: { initShadowDb: ");
		append_string(&line,
					  psprintf("CREATE SCHEMA IF NOT EXISTS %s; CREATE TABLE %s.%s (id %s PRIMARY KEY)",
							   schema, schema, quote_identifier(users->table),
							   print_sql_type(find_described_column(users, "id"))));
		appendStringInfoString(&line, " },\n");
	}
	line.data[line.len - 1] = '\0';
	append_lines(buf, "//", line.data);
}

/*
 * Add "schema.name" to a list, unless it is there.
 */
static List *
add_name(List *names, const char *schema, const char *name)
{
	char	   *qualified = psprintf("%s.%s", schema, name);

	return is_member(names, qualified) ? names : lappend(names, qualified);
}

/*
 * The table that models of the application may refer to.
 */
static void
print_users_table(StringInfo buf, const DescribedModel *users)
{
	List	   *names = NIL;
	List	   *enums = NIL;
	List	   *type_names = NIL;
	Field	   *id = make_field(users, find_described_column(users, "id"),
								&names, &enums, &type_names);

	appendStringInfo(buf, "\n/// What models of your own refer to, with the other side of the relation here; a foreign key cannot refer to a view\n"
					 "model %s {\n", USERS_TABLE);
	print_fields(buf, list_make1(id));
	appendStringInfoString(buf, "\n  @@map(");
	append_string(buf, users->table);
	appendStringInfoString(buf, ")\n");
	print_schema(buf, users->table_schema);
	appendStringInfoString(buf, "}\n");
}

static void
print_model(StringInfo buf, const DescribedModel *model, List **enums,
			List **type_names)
{
	List	   *relations = make_relations(model);
	List	   *key = find_key(model);
	List	   *fields = NIL;
	List	   *names = NIL;
	List	   *left_out = NIL;
	ListCell   *lc;

	/* Those that the adapter and the relations need are theirs alone */
	foreach(lc, model->columns)
	{
		DescribedColumn *column = lfirst(lc);

		if (!column->is_custom)
			names = lappend(names, unconstify(char *, column->property));
	}
	foreach(lc, relations)
		names = lappend(names, ((Field *) lfirst(lc))->name);

	foreach(lc, model->columns)
	{
		DescribedColumn *column = lfirst(lc);

		if (is_hidden(model, column) || !has_prisma_name(model, column))
			left_out = lappend(left_out, column);
		else
			fields = lappend(fields, make_field(model, column, &names, enums,
												type_names));
	}

	appendStringInfo(buf, "\nmodel %s {\n", name_of_model(model->name));
	print_fields(buf, list_concat(fields, relations));
	foreach(lc, left_out)
	{
		const DescribedColumn *column = lfirst(lc);

		append_lines(buf, "  //",
					 psprintf("%s, so left out: %s",
							  has_prisma_name(model, column) ? NOT_SELECTED :
							  "a name that Prisma does not take",
							  column->column->property));
	}
	appendStringInfoChar(buf, '\n');
	if (list_length(key) > 1)
		appendStringInfo(buf, "  @@id([%s])\n", join_names(key));
	if (strcmp(name_of_model(model->name), model->name) != 0)
		appendStringInfo(buf, "  @@map(\"%s\")\n", model->name);
	print_schema(buf, model->schema);
	appendStringInfoString(buf, "}\n");
}

/*
 * Models begin with a capital letter.
 */
static char *
name_of_model(const char *view)
{
	char	   *result = pstrdup(view);

	result[0] = pg_toupper((unsigned char) result[0]);
	return result;
}

/*
 * Does Prisma, which puts names between quotes as they are, take the column's?
 * Better Auth knows a field by no other name.
 */
static bool
has_prisma_name(const DescribedModel *model, const DescribedColumn *column)
{
	List	   *taken = NIL;

	return strchr(column->name, '"') == NULL && !has_object_name(column) &&
		(!is_for_better_auth(model) ||
		 strcmp(make_identifier(column->name, "", &taken), column->name) == 0);
}

/*
 * Is the column not to be read unless asked for?  Better Auth hides it itself.
 */
static bool
is_hidden(const DescribedModel *model, const DescribedColumn *column)
{
	return is_left_out(column) && !is_for_better_auth(model);
}

static void
print_schema(StringInfo buf, const char *schema)
{
	appendStringInfoString(buf, "  @@schema(");
	append_string(buf, schema);
	appendStringInfoString(buf, ")\n");
}

static void
print_enum(StringInfo buf, const PrismaEnum *prisma_enum)
{
	ListCell   *lc;
	ListCell   *lc2;

	appendStringInfo(buf, "\nenum %s {\n", prisma_enum->identifier);
	forboth(lc, prisma_enum->labels, lc2, prisma_enum->label_identifiers)
	{
		appendStringInfo(buf, "  %s", (char *) lfirst(lc2));
		if (strcmp(lfirst(lc), lfirst(lc2)) != 0)
		{
			appendStringInfoString(buf, " @map(");
			append_string(buf, lfirst(lc));
			appendStringInfoChar(buf, ')');
		}
		appendStringInfoChar(buf, '\n');
	}
	appendStringInfoChar(buf, '\n');
	if (strcmp(prisma_enum->name, prisma_enum->identifier) != 0)
	{
		appendStringInfoString(buf, "  @@map(");
		append_string(buf, prisma_enum->name);
		appendStringInfoString(buf, ")\n");
	}
	print_schema(buf, prisma_enum->schema);
	appendStringInfoString(buf, "}\n");
}

/*
 * The lines of a model in columns, as Prisma formats them.
 */
static void
print_fields(StringInfo buf, List *fields)
{
	int			name_width = 0;
	int			type_width = 0;
	ListCell   *lc;

	foreach(lc, fields)
	{
		const Field *field = lfirst(lc);

		name_width = Max(name_width, (int) strlen(field->name));
		if (field->attributes[0] != '\0')
			type_width = Max(type_width, (int) strlen(field->type));
	}
	foreach(lc, fields)
	{
		const Field *field = lfirst(lc);

		if (field->comment)
			append_lines(buf, "  ///", field->comment);
		if (field->attributes[0] == '\0')
			appendStringInfo(buf, "  %-*s %s\n", name_width, field->name,
							 field->type);
		else
			appendStringInfo(buf, "  %-*s %-*s %s\n", name_width, field->name,
							 type_width, field->type, field->attributes);
	}
}

/*
 * Does the adapter call findUnique() by the column?  Prisma's client has to take
 * it for unique then, whatever the table says.
 */
static bool
is_looked_up(const DescribedModel *model, const DescribedColumn *column)
{
	return is_key(model, column) ||
		(model->definition->holds_users &&
		 strcmp(column->property, "email") == 0);
}

static Field *
make_field(const DescribedModel *model, const DescribedColumn *column,
		   List **names, List **enums, List **type_names)
{
	const ColumnSpec *spec = column->column;
	const TypeInfo *type = find_type(column);
	PrismaEnum *prisma_enum = NULL;
	Field	   *field = palloc0_object(Field);
	StringInfoData buf;

	if (spec->enum_labels)
		prisma_enum = find_enum(spec, enums, type_names);

	field->comment = spec->comment;
	field->name = column->is_custom ?
		make_identifier(is_for_better_auth(model) ? column->name :
						column->property, "", names) :
		pstrdup(column->property);

	initStringInfo(&buf);
	if (prisma_enum)
		appendStringInfoString(&buf, prisma_enum->identifier);
	else if (type)
		appendStringInfoString(&buf, type->prisma.name);
	else
	{
		appendStringInfoString(&buf, "Unsupported(");
		append_string(&buf, print_sql_type(column));
		appendStringInfoChar(&buf, ')');
	}

	/* A list of Prisma's cannot be null: it is empty then */
	if (spec->is_array && (type || prisma_enum))
		appendStringInfoString(&buf, "[]");
	else if (spec->nullable)
		appendStringInfoChar(&buf, '?');
	field->type = buf.data;

	initStringInfo(&buf);
	if (spec->primary)
		appendStringInfoString(&buf, " @id");
	else if (type && !spec->is_array &&
			 (spec->unique || (!column->is_custom && is_looked_up(model, column))))
		appendStringInfoString(&buf, " @unique");
	print_default(&buf, column, type, prisma_enum);
	if (spec->role == ROLE_UPDATE_DATE && type && is_time(column))
		appendStringInfoString(&buf, " @updatedAt");
	if (type && type->prisma.native)
		print_native_type(&buf, column, type);
	if (strcmp(field->name, column->name) != 0)
	{
		appendStringInfoString(&buf, " @map(");
		append_string(&buf, column->name);
		appendStringInfoChar(&buf, ')');
	}
	field->attributes = buf.len > 0 ? buf.data + 1 : buf.data;
	return field;
}

/*
 * What Auth.js's adapter reads over foreign keys.
 */
static List *
make_relations(const DescribedModel *model)
{
	/* It follows foreign keys by itself */
	if (is_for_better_auth(model))
		return NIL;
	if (model->definition->holds_users)
		return list_make3(make_relation("accounts", "Account[]", ""),
						  make_relation("sessions", "Session[]", ""),
						  make_relation("authenticators", "Authenticator[]", ""));
	if (user_property(model->definition))
		return list_make1(make_relation("user", "User",
										"@relation(fields: [userId], references: [id], onDelete: Cascade)"));
	return NIL;
}

static Field *
make_relation(const char *name, const char *type, const char *attributes)
{
	Field	   *field = palloc0_object(Field);

	field->name = pstrdup(name);
	field->type = pstrdup(type);
	field->attributes = pstrdup(attributes);
	return field;
}

static void
print_native_type(StringInfo buf, const DescribedColumn *column,
				  const TypeInfo *type)
{
	TypeModifiers modifiers = type_modifiers(column->column);

	appendStringInfo(buf, " @db.%s", type->prisma.native);
	if ((type->flags & TYPE_LENGTH) && modifiers.length >= 0)
		appendStringInfo(buf, "(%d)", modifiers.length);
	else if ((type->flags & TYPE_SCALE) && modifiers.precision >= 0)
		appendStringInfo(buf, "(%d, %d)", modifiers.precision, modifiers.scale);
	else if ((type->flags & TYPE_PRECISION) && !(type->flags & TYPE_SCALE))
		appendStringInfo(buf, "(%d)", modifiers.precision >= 0 ?
						 modifiers.precision : FULL_PRECISION);
}

/*
 * The value that PostgreSQL gives the column by itself.  One that it computes
 * is such a value as well: Prisma is not to ask for it.
 */
static void
print_default(StringInfo buf, const DescribedColumn *column,
			  const TypeInfo *type, const PrismaEnum *prisma_enum)
{
	const ColumnSpec *spec = column->column;

	if (has_sequence(spec))
	{
		appendStringInfoString(buf, " @default(autoincrement())");
		return;
	}
	if (spec->as_expression)
	{
		appendStringInfoString(buf, " @default(dbgenerated())");
		return;
	}
	if (spec->default_expr == NULL)
		return;

	appendStringInfoString(buf, " @default(");
	if (strcmp(spec->default_sql, "now()") == 0 && type && is_time(column) &&
		!spec->is_array)
		appendStringInfoString(buf, "now()");
	else if (!print_constant(buf, column, type, prisma_enum))
	{
		appendStringInfoString(buf, "dbgenerated(");
		append_string(buf, spec->default_sql);
		appendStringInfoChar(buf, ')');
	}
	appendStringInfoChar(buf, ')');
}

/*
 * Print a default as Prisma's own constant, and return true, if it is one.
 */
static bool
print_constant(StringInfo buf, const DescribedColumn *column,
			   const TypeInfo *type, const PrismaEnum *prisma_enum)
{
	static const char *const names[] = {"String", "Boolean", NULL};
	const char *literal;

	if (is_number_type(column->type->oid) && !column->column->is_array)
	{
		/* Between quotes if JavaScript's numbers are not so exact */
		literal = describe_default(column->column);
		if (literal == NULL || literal[0] == '"')
			return false;
	}
	else
	{
		literal = javascript_default(column);
		if (literal && prisma_enum)
			literal = label_identifier(prisma_enum,
									   constant_default(column->column));
		else if (literal == NULL || type == NULL ||
				 !is_one_of(type->prisma.name, names))
			return false;
	}
	appendStringInfoString(buf, literal);
	return true;
}

/*
 * Prisma's type for the column, or NULL.  Its driver tells types by their OIDs,
 * and takes no array apart whose OID it does not know.
 */
static const TypeInfo *
find_type(const DescribedColumn *column)
{
	bool		is_known = column->column->type < FirstNormalObjectId;

	if (!is_known && column->column->is_array)
		return NULL;
	if (column->type->prisma.name)
		return column->type;
	return is_known || column->column->enum_labels ? NULL : lookup_type(TEXTOID);
}

/*
 * The enum that a column's type is, which is added to the others if it is new.
 */
static PrismaEnum *
find_enum(const ColumnSpec *column, List **enums, List **type_names)
{
	Oid			type = element_type(column);
	PrismaEnum *result;
	ListCell   *lc;

	foreach(lc, *enums)
	{
		result = lfirst(lc);
		if (result->type == type)
			return result;
	}

	result = palloc0_object(PrismaEnum);
	result->type = type;
	result->name = column->enum_name;
	result->schema = name_of_schema(namespace_of_type(type));
	result->identifier = make_identifier(column->enum_name, "", type_names);
	result->labels = column->enum_labels;
	foreach(lc, column->enum_labels)
		(void) make_identifier(lfirst(lc), "", &result->label_identifiers);
	*enums = lappend(*enums, result);
	return result;
}

static const char *
label_identifier(const PrismaEnum *prisma_enum, const char *label)
{
	ListCell   *lc;
	ListCell   *lc2;

	forboth(lc, prisma_enum->labels, lc2, prisma_enum->label_identifiers)
	{
		if (strcmp(lfirst(lc), label) == 0)
			return lfirst(lc2);
	}
	elog(ERROR, "enum \"%s\" has no label \"%s\"", prisma_enum->name, label);
}
