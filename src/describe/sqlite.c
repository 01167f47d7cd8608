/*-------------------------------------------------------------------------
 *
 * sqlite.c
 *	  Models in SQLite
 *
 * SQLite stores any value in any column, so a column has a CHECK that refuses
 * what PostgreSQL would refuse.  The statements are those of TypeORM 0.2 but
 * for the checks, which its comparison does not see.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "engine.h"

#define IS_INTEGER "typeof(%c) IN ('integer', 'null')"
#define IS_NUMBER "typeof(%c) IN ('integer', 'real', 'null')"
#define IS_BOOLEAN "%c IN (0, 1)"
#define IS_TIME(function) "%c IS NULL OR " function "(%c) IS NOT NULL"
#define IS_BYTES "typeof(%c) IN ('blob', 'null')"

#define HEX4 "[0-9a-f][0-9a-f][0-9a-f][0-9a-f]"
#define IS_UUID "%c GLOB '" HEX4 HEX4 "-" HEX4 "-" HEX4 "-" HEX4 "-" HEX4 HEX4 HEX4 "'"

/* Debian 12's SQLite takes NULL for invalid */
#define IS_JSON "%c IS NULL OR json_valid(%c)"
#define IS_ARRAY "%c IS NULL OR json_valid(%c) AND json_type(%c) = 'array'"

#define AS_TEXT_THERE "text there, as PostgreSQL prints it"
/* A function has at most 100 arguments in older versions */
#define MAX_MEMBERS 45

/* gen_random_uuid() */
#define RANDOM_UUID \
	"lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || " \
	"substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2) || " \
	"'-' || hex(randomblob(6)))"

#define ROUNDED "its driver rounds numbers of more than 15 digits"

static const EngineType types[] = {
	TYPE("int2", STORED_AS_INTEGER, "smallint", .check = IS_INTEGER),
	TYPE("int4", STORED_AS_INTEGER, "int", .column = "integer", .check = IS_INTEGER),
	TYPE("int8", STORED_AS_INTEGER, "bigint", .check = IS_INTEGER, .remark = ROUNDED),
	TYPE("numeric", STORED_AS_DECIMAL, "decimal", .check = IS_NUMBER, .remark = ROUNDED),
	TYPE("float4", STORED_AS_FLOAT, "real", .check = IS_NUMBER),
	TYPE("float8", STORED_AS_FLOAT, "double precision", .check = IS_NUMBER),
	TYPE("money", STORED_AS_DECIMAL, "decimal", .precision = 19, .scale = 2,
		.check = IS_NUMBER,
	.remark = "a number there; PostgreSQL's driver returns text such as $1.00"),
	TYPE("varchar", STORED_AS_STRING, "varchar"),
	TYPE("bpchar", STORED_AS_STRING, "character"),
	TYPE("text", STORED_AS_TEXT, "text"),
	TYPE("simple-array", STORED_AS_TEXT, "simple-array", .column = "text"),
	TYPE("simple-json", STORED_AS_TEXT, "simple-json", .column = "text"),
	TYPE("citext", STORED_AS_STRING, "varchar", .collation = "NOCASE",
	.remark = "only of letters without accents the case does not matter there"),
	TYPE("bool", STORED_AS_BOOLEAN, "boolean", .check = IS_BOOLEAN),
	TYPE("uuid", STORED_AS_STRING, "varchar", .length = 36, .check = IS_UUID),
	TYPE("timestamptz", STORED_AS_TIMESTAMP, "datetime", .check = IS_TIME("datetime")),
	TYPE("timestamp", STORED_AS_TIMESTAMP, "datetime", .check = IS_TIME("datetime")),
	TYPE("date", STORED_AS_DATE, "date", .check = IS_TIME("date")),
	TYPE("time", STORED_AS_TIME, "time", .check = IS_TIME("time")),
	TYPE("timetz", STORED_AS_STRING, "varchar", .length = 21, .remark = AS_TEXT_THERE),
	TYPE("interval", STORED_AS_STRING, "varchar", .length = 64, .remark = AS_TEXT_THERE),
	TYPE("bytea", STORED_AS_BYTES, "blob", .check = IS_BYTES),
	TYPE("inet", STORED_AS_STRING, "varchar", .length = 43, .remark = AS_TEXT_THERE),
	TYPE("cidr", STORED_AS_STRING, "varchar", .length = 43, .remark = AS_TEXT_THERE),
	TYPE("macaddr", STORED_AS_STRING, "varchar", .length = 17, .remark = AS_TEXT_THERE),
	TYPE("macaddr8", STORED_AS_STRING, "varchar", .length = 23, .remark = AS_TEXT_THERE),
	TYPE("bit", STORED_AS_STRING, "varchar", .check = "%c NOT GLOB '*[^01]*'"),
	TYPE("varbit", STORED_AS_STRING, "varchar", .check = "%c NOT GLOB '*[^01]*'"),
	TYPE("tsvector", NOT_STORED, NULL),
	TYPE("tsquery", NOT_STORED, NULL),
	TYPE("geometry", NOT_STORED, NULL),
	TYPE("geography", NOT_STORED, NULL),
	TYPE(NULL, STORED_AS_TEXT, "text", .remark = AS_TEXT_THERE)
};

static const EngineType json =
	TYPE("json", STORED_AS_JSON, "simple-json", .column = "text", .check = IS_JSON);

static const EngineType array = {
	"[]", STORED_AS_JSON, "simple-json", "text", .check = IS_ARRAY,
	.remark = "a JSON array there"
};

static const EngineType enumeration = TYPE("enum", STORED_AS_ENUM, "simple-enum", .column = "varchar");

/* The only one whose values SQLite generates */
static const EngineType key = TYPE("int8", STORED_AS_INTEGER, "integer");

static bool takes_label(const char *label);
static void fit_type(EngineColumn *column, bool is_indexed);
static void fit_default(EngineColumn *column, const char *value);
static void fit_expression_default(EngineColumn *column);
static void print_models(StringInfo buf, List *models);
static void print_export(StringInfo buf, List *models);
static void append_object(StringInfo buf, const EngineModel *model);
static void print_table(StringInfo buf, const EngineModel *model);
static void append_column(StringInfo buf, const EngineModel *model,
						  const EngineColumn *column);
static void append_index(StringInfo buf, const EngineModel *model,
						 const EngineIndex *index, const char *kind);
static void append_unique(StringInfo buf, const EngineModel *model,
						  const char *name, List *columns);

const Engine sqlite_engine = {
	"sqlite", types, &json, &array, &enumeration, .renames = true, .has_checks = true, .nulls_differ = true,
	.has_partial_indexes = true, .quote = '"',
	.quote_string = quote_standard_string, .takes_label = takes_label,
	.fit_type = fit_type, .fit_default = fit_default, .print = print_models,
	.print_export = print_export
};

/*
 * TypeORM does not quote labels, and reads them from the text of the statement.
 */
static bool
takes_label(const char *label)
{
	return label[0] != '\0' && strchr(label, '\'') == NULL;
}

static void
fit_type(EngineColumn *column, bool is_indexed)
{
	(void) is_indexed;

	if (column->increments)
	{
		column->type = &key;
		column->remarks = NIL;
	}
	if (column->length > 0)
		column->check = column->type->check ?
			psprintf("length(%%c) <= %d AND %s", column->length, column->type->check) :
			psprintf("length(%%c) <= %d", column->length);
	if (column->type->storage == STORED_AS_TIME ||
		(column->type->storage == STORED_AS_DECIMAL && column->scale < 0))
		column->precision = -1;
}

/*
 * Each default is an expression to TypeORM, or it would not double quotes.
 */
static void
fit_default(EngineColumn *column, const char *value)
{
	const char *literal = NULL;

	if (value == NULL)
	{
		fit_expression_default(column);
		return;
	}
	switch (column->type->storage)
	{
		case STORED_AS_INTEGER:
		case STORED_AS_FLOAT:
		case STORED_AS_DECIMAL:
			/* Not NaN, nor money, which is printed with a currency */
			if (strspn(value, "0123456789.e+-") == strlen(value))
				literal = value;
			break;
		case STORED_AS_BOOLEAN:
			literal = value[0] == 't' ? "1" : "0";
			break;
		case STORED_AS_TIMESTAMP:
			/* Milliseconds, as TypeORM writes a Date */
			value = print_engine_time(column);
			if (value)
				literal = quote_standard_string(pnstrdup(value, strlen("2026-01-01 00:00:00.000")));
			break;
		case STORED_AS_BYTES:
		case NOT_STORED:
			break;
		default:
			literal = quote_standard_string(value);
			break;
	}
	if (literal == NULL)
		return;
	column->default_kind = DEFAULT_EXPRESSION;
	column->default_value = column->default_sql = literal;
}

static void
fit_expression_default(EngineColumn *column)
{
	const ColumnSpec *spec = column->spec;

	if (spec->role == ROLE_CREATE_DATE || spec->role == ROLE_UPDATE_DATE)
		column->default_sql = "datetime('now')";
	else if (spec->default_sql == NULL)
		return;
	else if (column->type->storage == STORED_AS_TIMESTAMP &&
			 (strcmp(spec->default_sql, "now()") == 0 ||
			  strcmp(spec->default_sql, "CURRENT_TIMESTAMP") == 0))
	{
		column->default_kind = DEFAULT_EXPRESSION;
		column->default_value = column->default_sql =
			"strftime('%Y-%m-%d %H:%M:%f','now')";
	}
	else if (column->type->storage == STORED_AS_STRING &&
			 strstr(spec->default_sql, "gen_random_uuid()"))
	{
		column->default_kind = DEFAULT_EXPRESSION;
		column->default_value = column->default_sql = RANDOM_UUID;
	}
}

/*
 * Print the statements that create the tables with their indexes.
 */
static void
print_models(StringInfo buf, List *models)
{
	ListCell   *lc;

	foreach(lc, models)
		print_table(buf, lfirst(lc));
}

/*
 * TypeORM reads constraints from the text of the statement: a CHECK ends before
 * a comma, or before the last parenthesis.
 */
static void
print_table(StringInfo buf, const EngineModel *model)
{
	const Engine *engine = model->engine;
	const char *separator = "";
	ListCell   *lc;

	append_remarks(buf, model, "--");
	foreach(lc, model->columns)
	{
		const EngineColumn *column = lfirst(lc);

		if (column->left_out == NULL && column->spec->comment)
			append_lines(buf, psprintf("-- %s:", column->spec->property),
						 column->spec->comment);
	}
	appendStringInfo(buf, "CREATE TABLE %s (\n  ",
					 quote_engine_name(engine, model->table_name));
	foreach(lc, model->columns)
	{
		const EngineColumn *column = lfirst(lc);

		if (column->left_out)
			continue;
		appendStringInfoString(buf, separator);
		separator = ",\n  ";
		append_column(buf, model, column);
	}
	foreach(lc, model->columns)
	{
		EngineColumn *column = lfirst(lc);

		if (column->left_out == NULL && column->unique)
			append_unique(buf, model,
						  name_constraint("UQ", model->table_name,
										  list_make1(unconstify(char *, column->name))),
						  list_make1(column));
	}
	foreach(lc, model->uniques)
		append_unique(buf, model, ((EngineIndex *) lfirst(lc))->name,
					  ((EngineIndex *) lfirst(lc))->columns);
	foreach(lc, model->checks)
	{
		const EngineCheck *check = lfirst(lc);

		appendStringInfo(buf, ",\n  CONSTRAINT %s CHECK (%s)",
						 quote_engine_name(engine, check->name), check->expression);
	}
	foreach(lc, model->references)
	{
		const EngineReference *reference = lfirst(lc);

		appendStringInfo(buf, ",\n  CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s) ON DELETE %s ON UPDATE %s",
						 quote_engine_name(engine, reference->name),
						 quote_engine_name(engine, reference->column->name),
						 quote_engine_name(engine, reference->target_table),
						 quote_engine_name(engine, reference->target_column),
						 reference->on_delete, reference->on_update);
	}
	appendStringInfoString(buf, ");\n");
	foreach(lc, model->indexes)
		append_index(buf, model, lfirst(lc), "INDEX");
	foreach(lc, model->unique_indexes)
		append_index(buf, model, lfirst(lc), "UNIQUE INDEX");
	appendStringInfoChar(buf, '\n');
}

/*
 * TypeORM knows an enum by exactly this form of its check.
 */
static void
append_column(StringInfo buf, const EngineModel *model, const EngineColumn *column)
{
	const ColumnSpec *spec = column->spec;
	const EngineType *type = column->type;
	char	   *name = quote_engine_name(model->engine, column->name);
	char	   *check = engine_check(model, column);
	ListCell   *lc;

	appendStringInfo(buf, "%s %s", name, type->column ? type->column : type->name);
	if (type->storage == STORED_AS_ENUM)
	{
		appendStringInfo(buf, " CHECK( %s IN (", name);
		foreach(lc, spec->enum_labels)
			appendStringInfo(buf, "%s'%s'", foreach_current_index(lc) > 0 ? "," : "",
							 (char *) lfirst(lc));
		appendStringInfoString(buf, ") )");
	}
	else if (column->length >= 0)
		appendStringInfo(buf, "(%d)", column->length);
	else if (column->scale >= 0)
		appendStringInfo(buf, "(%d,%d)", column->precision, column->scale);
	if (spec->primary)
		appendStringInfoString(buf, " PRIMARY KEY");
	if (column->increments)
		appendStringInfoString(buf, " AUTOINCREMENT");
	if (type->collation)
		appendStringInfo(buf, " COLLATE %s", type->collation);
	if (!spec->nullable)
		appendStringInfoString(buf, " NOT NULL");
	if (column->default_sql)
		appendStringInfo(buf, " DEFAULT (%s)", column->default_sql);
	if (check)
		appendStringInfo(buf, " CHECK (%s)", check);
}

static void
append_unique(StringInfo buf, const EngineModel *model, const char *name,
			  List *columns)
{
	appendStringInfo(buf, ",\n  CONSTRAINT %s UNIQUE (%s)",
					 quote_engine_name(model->engine, name),
					 quote_engine_columns(model->engine, columns));
}

static void
append_index(StringInfo buf, const EngineModel *model, const EngineIndex *index,
			 const char *kind)
{
	appendStringInfo(buf, "CREATE %s %s ON %s (%s)", kind,
					 quote_engine_name(model->engine, index->name),
					 quote_engine_name(model->engine, model->table_name),
					 quote_engine_columns(model->engine, index->columns));
	if (index->where)
		appendStringInfo(buf, " WHERE %s", index->where);
	appendStringInfoString(buf, ";\n");
}

/*
 * Print the queries whose results import_rows() takes, an object a line.
 */
static void
print_export(StringInfo buf, List *models)
{
	ListCell   *lc;

	foreach(lc, models)
	{
		const EngineModel *model = lfirst(lc);

		appendStringInfoString(buf, "SELECT ");
		append_object(buf, model);
		appendStringInfo(buf, " FROM %s;\n",
						 quote_engine_name(model->engine, model->table_name));
	}
}

/*
 * Append an object of a row.  What is too much for one call is inserted into it
 * by further ones.
 */
static void
append_object(StringInfo buf, const EngineModel *model)
{
	List	   *kept = NIL;
	ListCell   *lc;

	foreach(lc, model->columns)
	{
		if (((EngineColumn *) lfirst(lc))->left_out == NULL)
			kept = lappend(kept, lfirst(lc));
	}
	for (int i = MAX_MEMBERS; i < list_length(kept); i += MAX_MEMBERS)
		appendStringInfoString(buf, "json_insert(");
	appendStringInfoString(buf, "json_object(");
	foreach(lc, kept)
	{
		const EngineColumn *column = lfirst(lc);
		const char *property = column->spec->property;
		const char *name = quote_engine_name(model->engine, column->name);
		int			member = foreach_current_index(lc);

		if (member > 0)
			appendStringInfoString(buf, member % MAX_MEMBERS == 0 ? "), " : ", ");
		if (member >= MAX_MEMBERS)
			property = psprintf("$.\"%s\"", property);

		/* hex() makes an empty string of NULL */
		appendStringInfo(buf, column->type->storage == STORED_AS_BYTES ?
						 "%s, iif(%s IS NULL, NULL, hex(%s))" : "%s, %s",
						 quote_standard_string(property), name, name);
	}
	appendStringInfoChar(buf, ')');
}
