/*-------------------------------------------------------------------------
 *
 * mongodb.c
 *	  Models in MongoDB
 *
 * Fields are called like properties.  MongoDB has no columns, so a validator
 * refuses the values that PostgreSQL would refuse.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "engine.h"

/* JavaScript's numbers are doubles to the driver unless they are integers */
#define INTEGERS "\"int\", \"long\", \"double\""
#define NUMBERS "\"int\", \"long\", \"double\", \"decimal\""
#define AS_TEXT_THERE "text there, as PostgreSQL prints it"

/* "column" is a list of types of BSON; NULL: any type */
static const EngineType types[] = {
	TYPE("int2", STORED_AS_INTEGER, "smallint", .column = INTEGERS),
	TYPE("int4", STORED_AS_INTEGER, "integer", .column = INTEGERS),
	TYPE("int8", STORED_AS_INTEGER, "bigint", .column = INTEGERS ", \"string\""),
	TYPE("numeric", STORED_AS_DECIMAL, "numeric", .column = NUMBERS ", \"string\""),
	TYPE("float4", STORED_AS_FLOAT, "real", .column = NUMBERS),
	TYPE("float8", STORED_AS_FLOAT, "double precision", .column = NUMBERS),
	TYPE("money", STORED_AS_DECIMAL, "money", .column = NUMBERS,
	.remark = "a number there; PostgreSQL's driver returns text such as $1.00"),
	TYPE("bool", STORED_AS_BOOLEAN, "boolean", .column = "\"bool\""),
	TYPE("timestamptz", STORED_AS_TIMESTAMP, "timestamp", .column = "\"date\"",
	.remark = "in milliseconds there"),
	TYPE("timestamp", STORED_AS_TIMESTAMP, "timestamp without time zone", .column = "\"date\"",
	.remark = "in milliseconds there"),
	TYPE("bytea", STORED_AS_BYTES, "bytea", .column = "\"binData\""),
	TYPE("varchar", STORED_AS_STRING, "varchar", .column = "\"string\""),
	TYPE("bpchar", STORED_AS_STRING, "character", .column = "\"string\""),
	TYPE("text", STORED_AS_TEXT, "text", .column = "\"string\""),
	TYPE("simple-array", STORED_AS_JSON, "simple-array", .column = "\"array\""),
	TYPE("simple-json", STORED_AS_JSON, "simple-json"),
	TYPE("citext", STORED_AS_STRING, "varchar", .column = "\"string\"",
	.remark = "the case of letters matters there"),
	TYPE("uuid", STORED_AS_STRING, "uuid", .column = "\"string\"", .length = 36),
	TYPE("date", STORED_AS_DATE, "date", .column = "\"string\""),
	TYPE("time", STORED_AS_TIME, "time", .column = "\"string\""),
	TYPE("bit", STORED_AS_STRING, "varchar", .column = "\"string\""),
	TYPE("varbit", STORED_AS_STRING, "varchar", .column = "\"string\""),
	TYPE("tsvector", NOT_STORED, NULL),
	TYPE("tsquery", NOT_STORED, NULL),
	TYPE("geometry", NOT_STORED, NULL),
	TYPE("geography", NOT_STORED, NULL),
	TYPE(NULL, STORED_AS_TEXT, "text", .column = "\"string\"", .remark = AS_TEXT_THERE)
};

static const EngineType json = TYPE("json", STORED_AS_JSON, "json");
static const EngineType array = TYPE("[]", STORED_AS_JSON, "simple-array", .column = "\"array\"");
static const EngineType enumeration = TYPE("enum", STORED_AS_ENUM, "enum", .column = "\"string\"");

static bool takes_label(const char *label);
static void fit_type(EngineColumn *column, bool is_indexed);
static void fit_default(EngineColumn *column, const char *value);
static void print_models(StringInfo buf, List *models);
static void print_export(StringInfo buf, List *models);
static void print_collection(StringInfo buf, const EngineModel *model);
static bool is_required(const EngineColumn *column);
static void append_property(StringInfo buf, const EngineColumn *column);
static char *quote_shell(const char *text);
static void append_index(StringInfo buf, const EngineModel *model,
						 const char *name, List *columns, bool is_unique);
static void append_indexes(StringInfo buf, const EngineModel *model,
						   List *indexes, bool is_unique);
static const char *name_of_unique(const EngineModel *model,
								  const EngineColumn *column);

const Engine mongodb_engine = {
	"mongodb", types, &json, &array, &enumeration, .quote = '\0',
	.quote_string = quote_standard_string, .takes_label = takes_label,
	.fit_type = fit_type, .fit_default = fit_default, .print = print_models,
	.print_export = print_export
};

static bool
takes_label(const char *label)
{
	(void) label;
	return true;
}

/*
 * An id is an ObjectId, whatever it is here.
 */
static void
fit_type(EngineColumn *column, bool is_indexed)
{
	(void) is_indexed;

	if (column->spec->primary)
		column->remarks = NIL;
	if (strpbrk(column->name, ".$") || column->name[0] == '\0')
		column->left_out = "MongoDB gives a meaning to its name";
}

/*
 * Nothing but the application sets a value there.
 */
static void
fit_default(EngineColumn *column, const char *value)
{
	(void) column;
	(void) value;
}

/*
 * Print a script for mongosh that creates the collections with their indexes.
 */
static void
print_models(StringInfo buf, List *models)
{
	ListCell   *lc;

	foreach(lc, models)
		print_collection(buf, lfirst(lc));
}

static void
print_collection(StringInfo buf, const EngineModel *model)
{
	const char *separator = "";
	ListCell   *lc;

	append_remarks(buf, model, "//");
	appendStringInfoString(buf, "db.createCollection(");
	append_string(buf, model->table_name);
	appendStringInfoString(buf, ", { validator: { $jsonSchema: {\n"
						   "  bsonType: \"object\",\n  required: [");
	foreach(lc, model->columns)
	{
		const EngineColumn *column = lfirst(lc);

		if (!is_required(column))
			continue;
		appendStringInfoString(buf, separator);
		separator = ", ";
		append_string(buf, column->name);
	}
	appendStringInfoString(buf, "],\n  properties: {\n");
	foreach(lc, model->columns)
	{
		const EngineColumn *column = lfirst(lc);

		if (column->left_out == NULL && !column->spec->primary)
			append_property(buf, column);
	}
	appendStringInfoString(buf, "  }\n} } })\n");
	foreach(lc, model->columns)
	{
		EngineColumn *column = lfirst(lc);

		if (column->left_out == NULL && column->unique)
			append_index(buf, model, name_of_unique(model, column),
						 list_make1(column), true);
	}
	append_indexes(buf, model, model->uniques, true);
	append_indexes(buf, model, model->unique_indexes, true);
	append_indexes(buf, model, model->indexes, false);
	appendStringInfoChar(buf, '\n');
}

/*
 * What PostgreSQL requires, and has no default for.
 */
static bool
is_required(const EngineColumn *column)
{
	const ColumnSpec *spec = column->spec;

	return column->left_out == NULL && !spec->primary && !spec->nullable &&
		(spec->default_sql == NULL || spec->role == ROLE_CREATE_DATE ||
		 spec->role == ROLE_UPDATE_DATE);
}

static void
append_property(StringInfo buf, const EngineColumn *column)
{
	const ColumnSpec *spec = column->spec;
	const char *bson = column->type->column;
	ListCell   *lc;

	/* The adapter writes what the provider gives, a number, too */
	if (spec->builtin && strcmp(spec->property, "providerAccountId") == 0)
		bson = "\"string\", " INTEGERS;

	/* An id of another document */
	if (spec->builtin && spec->foreign_key == NULL &&
		strcmp(spec->property, "userId") == 0)
		bson = "\"objectId\"";

	appendStringInfoString(buf, "    ");
	append_key(buf, column->name);
	appendStringInfoString(buf, ": {");
	if (bson)
		appendStringInfo(buf, " bsonType: [%s%s]", bson,
						 spec->nullable ? ", \"null\"" : "");
	if (spec->enum_labels && !spec->is_array)
	{
		appendStringInfoString(buf, ", enum: [");
		append_list(buf, spec->enum_labels, ", ");
		appendStringInfo(buf, "%s]", spec->nullable ? ", null" : "");
	}
	else if (spec->enum_labels)
	{
		appendStringInfoString(buf, ", items: { enum: [");
		foreach(lc, spec->enum_labels)
		{
			append_string(buf, lfirst(lc));
			appendStringInfoString(buf, ", ");
		}
		appendStringInfoString(buf, "null] }");
	}
	if (column->length >= 0)
		appendStringInfo(buf, ", maxLength: %d", column->length);
	if (spec->comment)
	{
		appendStringInfoString(buf, bson ? ", description: " : " description: ");
		append_string(buf, spec->comment);
	}
	appendStringInfoString(buf, " },\n");
}

/*
 * An index with TypeORM's name.  A unique one has only values and not NULL, which
 * the adapter writes for a user without e-mail address.
 */
static void
append_index(StringInfo buf, const EngineModel *model, const char *name,
			 List *columns, bool is_unique)
{
	const EngineColumn *first = linitial(columns);
	ListCell   *lc;

	appendStringInfoString(buf, "db.getCollection(");
	append_string(buf, model->table_name);
	appendStringInfoString(buf, ").createIndex({ ");
	foreach(lc, columns)
	{
		append_key(buf, ((EngineColumn *) lfirst(lc))->name);
		appendStringInfoString(buf, lnext(columns, lc) ? ": 1, " : ": 1 ");
	}
	appendStringInfoString(buf, "}, { name: ");
	append_string(buf, name);
	if (is_unique)
		appendStringInfoString(buf, ", unique: true");
	if (is_unique && first->spec->nullable && first->type->column)
	{
		appendStringInfoString(buf, ", partialFilterExpression: { ");
		append_key(buf, first->name);
		appendStringInfo(buf, strchr(first->type->column, ',') ?
						 ": { $type: [%s] } }" : ": { $type: %s } }",
						 first->type->column);
	}
	appendStringInfoString(buf, " })\n");
}

static void
append_indexes(StringInfo buf, const EngineModel *model, List *indexes,
			   bool is_unique)
{
	ListCell   *lc;

	foreach(lc, indexes)
	{
		const EngineIndex *index = lfirst(lc);

		append_index(buf, model, index->name, index->columns, is_unique);
	}
}

/*
 * The name of the index of a unique property: TypeORM's or, of an e-mail
 * address, that of next-auth 3's adapter.
 */
static const char *
name_of_unique(const EngineModel *model, const EngineColumn *column)
{
	if (column->spec->builtin && strcmp(column->name, "email") == 0)
		return "email";
	return name_constraint("UQ", model->table_name,
						   list_make1(unconstify(char *, column->name)));
}

/*
 * Print the commands that write what import_rows() takes into files, an object a
 * line.  A file is named after its model: a table's name could be a path.
 */
static void
print_export(StringInfo buf, List *models)
{
	ListCell   *lc;

	foreach(lc, models)
	{
		const EngineModel *model = lfirst(lc);

		appendStringInfo(buf, "mongoexport --uri=\"$MONGODB_URI\" --collection=%s --jsonFormat=canonical --out=%s.json\n",
						 quote_shell(model->table_name),
						 quote_shell(model->model->definition->name));
	}
}

/*
 * A text as one word of a shell's command line.
 */
static char *
quote_shell(const char *text)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '\'');
	for (const char *p = text; *p; p++)
	{
		if (*p == '\'')
			appendStringInfoString(&buf, "'\\''");
		else
			appendStringInfoChar(&buf, *p);
	}
	appendStringInfoChar(&buf, '\'');
	return buf.data;
}
