/*-------------------------------------------------------------------------
 *
 * mysql.c
 *	  Models in MySQL and MariaDB
 *
 * Types, defaults and names are those of TypeORM 0.2, whose comparison with
 * tables that the statements make finds no difference.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "engine.h"

/* A string that has an index fits in so many characters, as TypeORM has it */
#define INDEXED_LENGTH 255

/* An index takes no longer keys, and a row not more, in bytes */
#define MAX_KEY 3072
#define MAX_ROW 65000
/* Characters of four bytes that fill a key */
#define MAX_INDEXED_LENGTH 767

/* Longer strings would soon fill a row */
#define MAX_VARCHAR 4096
#define MAX_CHAR 255

#define UUID_CHECK "%c REGEXP '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'"
#define TEXT_LIMIT "at most 65,535 bytes"
#define AS_TEXT_THERE "text there, as PostgreSQL prints it"

static const EngineType types[] = {
	TYPE("int2", STORED_AS_INTEGER, "smallint"),
	TYPE("int4", STORED_AS_INTEGER, "int"),
	TYPE("int8", STORED_AS_INTEGER, "bigint"),
	TYPE("numeric", STORED_AS_DECIMAL, "decimal", .precision = 65, .scale = 30),
	TYPE("float4", STORED_AS_FLOAT, "float"),
	TYPE("float8", STORED_AS_FLOAT, "double"),
	TYPE("money", STORED_AS_DECIMAL, "decimal", .precision = 19, .scale = 2,
	.remark = "a number there; PostgreSQL's driver returns text such as $1.00"),
	TYPE("varchar", STORED_AS_STRING, "varchar", .length = 255),
	TYPE("bpchar", STORED_AS_STRING, "char"),
	TYPE("text", STORED_AS_TEXT, "text", .remark = TEXT_LIMIT),
	TYPE("simple-array", STORED_AS_TEXT, "simple-array", .column = "text", .remark = TEXT_LIMIT),
	TYPE("simple-json", STORED_AS_TEXT, "simple-json", .column = "text", .remark = TEXT_LIMIT),
	TYPE("citext", STORED_AS_STRING, "varchar", .length = 255,
	.collation = "utf8mb4_general_ci"),
	TYPE("bool", STORED_AS_BOOLEAN, "boolean", .column = "tinyint", .check = "%c IN (0, 1)"),
	TYPE("uuid", STORED_AS_STRING, "varchar", .length = 36, .check = UUID_CHECK),
	TYPE("timestamptz", STORED_AS_TIMESTAMP, "timestamp", .precision = 6,
	.remark = "only from 1970 to 2038 there"),
	TYPE("timestamp", STORED_AS_TIMESTAMP, "datetime", .precision = 6),
	TYPE("date", STORED_AS_DATE, "date"),
	TYPE("time", STORED_AS_TIME, "time"),
	TYPE("timetz", STORED_AS_STRING, "varchar", .length = 21, .remark = AS_TEXT_THERE),
	TYPE("interval", STORED_AS_STRING, "varchar", .length = 64, .remark = AS_TEXT_THERE),
	TYPE("bytea", STORED_AS_BYTES, "longblob"),
	TYPE("inet", STORED_AS_STRING, "varchar", .length = 43, .remark = AS_TEXT_THERE),
	TYPE("cidr", STORED_AS_STRING, "varchar", .length = 43, .remark = AS_TEXT_THERE),
	TYPE("macaddr", STORED_AS_STRING, "varchar", .length = 17, .remark = AS_TEXT_THERE),
	TYPE("macaddr8", STORED_AS_STRING, "varchar", .length = 23, .remark = AS_TEXT_THERE),
	TYPE("bit", STORED_AS_STRING, "varchar", .length = 255, .check = "%c REGEXP '^[01]*$'"),
	TYPE("varbit", STORED_AS_STRING, "varchar", .length = 255, .check = "%c REGEXP '^[01]*$'"),
	TYPE("int4range", STORED_AS_STRING, "varchar", .length = 255, .remark = AS_TEXT_THERE),
	TYPE("int8range", STORED_AS_STRING, "varchar", .length = 255, .remark = AS_TEXT_THERE),
	TYPE("numrange", STORED_AS_STRING, "varchar", .length = 255, .remark = AS_TEXT_THERE),
	TYPE("tsrange", STORED_AS_STRING, "varchar", .length = 255, .remark = AS_TEXT_THERE),
	TYPE("tstzrange", STORED_AS_STRING, "varchar", .length = 255, .remark = AS_TEXT_THERE),
	TYPE("daterange", STORED_AS_STRING, "varchar", .length = 255, .remark = AS_TEXT_THERE),
	TYPE("tsvector", NOT_STORED, NULL),
	TYPE("tsquery", NOT_STORED, NULL),
	TYPE("geometry", NOT_STORED, NULL),
	TYPE("geography", NOT_STORED, NULL),
	TYPE(NULL, STORED_AS_TEXT, "longtext", .remark = AS_TEXT_THERE)
};

static const EngineType mysql_json = TYPE("json", STORED_AS_JSON, "json");

static const EngineType mysql_array =
	TYPE("[]", STORED_AS_JSON, "json", .check = "json_type(%c) = 'ARRAY'",
		 .remark = "a JSON array there");

/* MariaDB's json is text */
static const EngineType mariadb_json =
	TYPE("json", STORED_AS_JSON, "json", .column = "longtext",
		 .check = "json_valid(%c)");

static const EngineType mariadb_array =
	TYPE("[]", STORED_AS_JSON, "json", .column = "longtext",
		 .check = "json_valid(%c) AND json_type(%c) = 'ARRAY'",
		 .remark = "a JSON array there");

static const EngineType enumeration = TYPE("enum", STORED_AS_ENUM, "enum");

/* Of a string that is too long for a row, or that has an index */
static const EngineType long_string = TYPE("varchar", STORED_AS_TEXT, "longtext");
static const EngineType indexed_string = {
	"text", STORED_AS_STRING, "varchar", .length = INDEXED_LENGTH
};

static const char *quote_string(const char *text);
static bool takes_label(const char *label);
static void fit_type(EngineColumn *column, bool is_indexed);
static void store_outside(EngineColumn *column);
static void fit_row(EngineModel *model);
static void fit_mysql_default(EngineColumn *column, const char *value);
static void fit_mariadb_default(EngineColumn *column, const char *value);
static void print_models(StringInfo buf, List *models);
static void print_export(StringInfo buf, List *models);

#define COMMON_ENGINE \
	.types = types, .enumeration = &enumeration, .renames = true, .has_checks = true, .nulls_differ = true, \
	.max_comment = 1024, .quote = '`', .quote_string = quote_string, \
	.takes_label = takes_label, .fit_type = fit_type, .fit_row = fit_row, \
	.max_key = MAX_KEY, .print = print_models, \
	.print_export = print_export

const Engine mysql_engine = {
	"mysql", .json = &mysql_json, .array = &mysql_array,
	.fit_default = fit_mysql_default,
	COMMON_ENGINE
};

const Engine mariadb_engine = {
	"mariadb", .json = &mariadb_json, .array = &mariadb_array,
	.fit_default = fit_mariadb_default,
	COMMON_ENGINE
};

/*
 * A string literal, in which a backslash escapes.
 */
static const char *
quote_string(const char *text)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '\'');
	for (const char *p = text; *p; p++)
	{
		if (*p == '\'' || *p == '\\')
			appendStringInfoChar(&buf, *p);
		appendStringInfoChar(&buf, *p);
	}
	appendStringInfoChar(&buf, '\'');
	return buf.data;
}

/*
 * TypeORM reads labels from the text enum('a','b'), by its commas.
 */
static bool
takes_label(const char *label)
{
	size_t		length = strlen(label);

	return strpbrk(label, "',\\") == NULL && length > 0 && label[length - 1] != ' ';
}

/*
 * What has an index needs a length, and numbers have only so many digits.
 */
static void
fit_type(EngineColumn *column, bool is_indexed)
{
	switch (column->type->storage)
	{
		case STORED_AS_TEXT:
			if (!is_indexed)
				break;
			column->type = &indexed_string;
			column->length = INDEXED_LENGTH;
			column->remarks = NIL;
			break;
		case STORED_AS_JSON:
		case STORED_AS_BYTES:
			if (is_indexed)
				column->left_out = "it has an index, which its type cannot have there";
			break;
		case STORED_AS_STRING:
			if (column->length > MAX_VARCHAR && !is_indexed)
			{
				store_outside(column);
				return;
			}
			if (column->length > MAX_INDEXED_LENGTH && is_indexed)
			{
				column->length = MAX_INDEXED_LENGTH;
				add_remark(column, psprintf("at most %d characters there, as it has an index",
											column->length));
			}
			if (strcmp(column->type->name, "char") == 0 && column->length > MAX_CHAR)
			{
				column->type = &indexed_string;
				add_remark(column, "varchar there");
			}
			break;
		case STORED_AS_DECIMAL:
			if (column->precision > 65 || column->scale > 30 || column->scale < 0)
			{
				column->precision = Min(column->precision, 65);
				column->scale = Min(Max(column->scale, 0), 30);
				add_remark(column, "at most 65 digits there, 30 of them after the point");
			}
			else if (column->spec->typmod < 0 && column->spec->type == NUMERICOID)
				add_remark(column, "at most 65 digits there, 30 of them after the point");
			break;
		case STORED_AS_TIME:
			if (column->precision <= 0)
				add_remark(column, "whole seconds there");
			break;
		default:
			break;
	}
	if (column->type->storage == STORED_AS_STRING && column->length > 0 &&
		column->spec->type == VARCHAROID && column->spec->typmod < 0 &&
		column->spec->builtin == false)
		add_remark(column, psprintf("at most %d characters there", column->length));
}

/*
 * Let a string be of a type whose values are not in the row.
 */
static void
store_outside(EngineColumn *column)
{
	const char *check = column->type->check;

	column->check = psprintf("char_length(%%c) <= %d%s%s", column->length,
							 check ? " AND " : "", check ? check : "");
	column->type = &long_string;
	column->length = -1;
}

/*
 * Make room in the row, from the longest string down.
 */
static void
fit_row(EngineModel *model)
{
	for (;;)
	{
		EngineColumn *longest = NULL;
		int			bytes = 0;
		ListCell   *lc;

		foreach(lc, model->columns)
		{
			EngineColumn *column = lfirst(lc);

			if (column->left_out)
				continue;
			bytes += engine_bytes(column);
			if (column->type->storage == STORED_AS_STRING &&
				strcmp(column->type->name, "varchar") == 0 &&
				column->type->collation == NULL && !column->is_indexed &&
				!column->spec->builtin && column->default_sql == NULL &&
				(longest == NULL || column->length > longest->length))
				longest = column;
		}
		if (bytes <= MAX_ROW || longest == NULL)
			return;
		store_outside(longest);
	}
}

/*
 * A time of day with so many digits of a second.
 */
static const char *
print_time(const char *value, int precision)
{
	const char *point = strchr(value, '.');
	int			digits = point ? (int) strlen(point + 1) : 0;

	if (precision <= 0)
		return pnstrdup(value, point ? point - value : (int) strlen(value));
	if (digits >= precision)
		return pnstrdup(value, point - value + 1 + precision);
	return psprintf("%s%s%0*d", value, point ? "" : ".", precision - digits, 0);
}

/*
 * A constant as TypeORM compares it and as the statement has it; for most types
 * the same for both databases.  Returns false for other types.
 */
static bool
fit_common_default(EngineColumn *column, const char *value)
{
	const ColumnSpec *spec = column->spec;
	const char *time;

	/* Their catalogs print a character of four bytes as a question mark */
	for (const char *p = value; *p; p++)
	{
		if ((unsigned char) *p >= 0xf0)
			return true;
	}
	switch (column->type->storage)
	{
		case STORED_AS_INTEGER:
			/* JavaScript rounds larger numbers */
			column->default_kind = spec->type == INT8OID ? DEFAULT_STRING :
				DEFAULT_NUMBER;
			column->default_value = value;
			column->default_sql = psprintf("'%s'", value);
			return true;
		case STORED_AS_FLOAT:
			if (strspn(value, "0123456789.e+-") != strlen(value))
				return true;
			column->default_kind = DEFAULT_STRING;
			column->default_value = value;
			column->default_sql = psprintf("'%s'", value);
			return true;
		case STORED_AS_DECIMAL:
			/* PostgreSQL's money prints a currency */
			if (spec->type != NUMERICOID ||
				strspn(value, "0123456789.-") != strlen(value))
				return true;
			column->default_kind = DEFAULT_STRING;
			column->default_value =
				DatumGetCString(DirectFunctionCall1(numeric_out,
													DirectFunctionCall2(numeric_round,
																		DirectFunctionCall3(numeric_in,
																							CStringGetDatum(value),
																							ObjectIdGetDatum(InvalidOid),
																							Int32GetDatum(-1)),
																		Int32GetDatum(column->scale))));
			column->default_sql = psprintf("'%s'", column->default_value);
			return true;
		case STORED_AS_BOOLEAN:
			column->default_kind = DEFAULT_BOOLEAN;
			column->default_value = value;
			column->default_sql = value[0] == 't' ? "1" : "0";
			return true;
		case STORED_AS_ENUM:
		case STORED_AS_DATE:
			column->default_kind = DEFAULT_STRING;
			column->default_value = value;
			column->default_sql = quote_string(value);
			return true;
		case STORED_AS_TIMESTAMP:
			time = print_engine_time(column);
			if (time == NULL)
				return true;
			column->default_kind = DEFAULT_STRING;
			column->default_value = pnstrdup(time, column->precision > 0 ?
											 strlen("2026-01-01 00:00:00.") + column->precision :
											 strlen("2026-01-01 00:00:00"));
			column->default_sql = quote_string(column->default_value);
			return true;
		case STORED_AS_TIME:
			column->default_kind = DEFAULT_STRING;
			column->default_value = print_time(value, column->precision);
			column->default_sql = quote_string(column->default_value);
			return true;
		default:
			return false;
	}
}

/*
 * What is not constant: the times of a row, the time of its insertion and a
 * random uuid.
 */
static void
fit_expression_default(EngineColumn *column)
{
	const ColumnSpec *spec = column->spec;
	const char *now = column->precision > 0 ?
		psprintf("CURRENT_TIMESTAMP(%d)", column->precision) : "CURRENT_TIMESTAMP";

	if (spec->role == ROLE_CREATE_DATE || spec->role == ROLE_UPDATE_DATE)
	{
		/* TypeORM's own default */
		column->default_sql = "CURRENT_TIMESTAMP(6)";
		if (spec->role == ROLE_UPDATE_DATE)
			column->on_update = "CURRENT_TIMESTAMP(6)";
		return;
	}
	if (spec->default_sql == NULL)
		return;
	if (column->type->storage == STORED_AS_TIMESTAMP &&
		(strcmp(spec->default_sql, "now()") == 0 ||
		 strcmp(spec->default_sql, "CURRENT_TIMESTAMP") == 0))
	{
		column->default_kind = DEFAULT_EXPRESSION;
		column->default_value = column->default_sql = now;
	}
	else if (column->type->storage == STORED_AS_STRING &&
			 strstr(spec->default_sql, "gen_random_uuid()"))
	{
		column->default_kind = DEFAULT_EXPRESSION;
		column->default_value = "uuid()";
		column->default_sql = "(uuid())";
	}
}

/*
 * MySQL prints the default of a text as an expression, with a character set and
 * escaped quotes.
 */
static void
fit_mysql_default(EngineColumn *column, const char *value)
{
	StringInfoData buf;

	if (value == NULL)
	{
		fit_expression_default(column);
		return;
	}
	if (fit_common_default(column, value))
		return;
	if (column->type->storage == STORED_AS_STRING)
	{
		column->default_kind = DEFAULT_STRING;
		column->default_value = value;
		column->default_sql = quote_string(value);
		return;
	}
	if (column->type->storage != STORED_AS_TEXT &&
		column->type->storage != STORED_AS_JSON)
		return;

	column->default_sql = psprintf("(%s)", quote_string(value));
	initStringInfo(&buf);
	appendStringInfoString(&buf, "_utf8mb4\\'");
	for (const char *p = value; *p; p++)
	{
		if (*p == '\'')
			appendStringInfoString(&buf, "\\\\\\'");
		else if (*p == '\\')
			appendStringInfoString(&buf, "\\\\\\\\");
		else
			appendStringInfoChar(&buf, *p);
	}
	appendStringInfoString(&buf, "\\'");
	column->default_kind = DEFAULT_EXPRESSION;
	column->default_value = buf.data;
}

/*
 * MariaDB prints a default as a literal, whose quotes a text escapes and a
 * string doubles.
 */
static void
fit_mariadb_default(EngineColumn *column, const char *value)
{
	StringInfoData buf;
	bool		is_string = column->type->storage == STORED_AS_STRING;

	if (value == NULL)
	{
		fit_expression_default(column);
		return;
	}
	if (fit_common_default(column, value))
		return;
	if (!is_string && column->type->storage != STORED_AS_TEXT &&
		column->type->storage != STORED_AS_JSON)
		return;

	column->default_sql = quote_string(value);
	if (is_string && strpbrk(value, "'\\\n\r") == NULL)
	{
		column->default_kind = DEFAULT_STRING;
		column->default_value = value;
		return;
	}
	initStringInfo(&buf);
	appendStringInfoChar(&buf, '\'');
	for (const char *p = value; *p; p++)
	{
		if (*p == '\'')
			appendStringInfoString(&buf, is_string ? "''" : "\\'");
		else if (*p == '\\')
			appendStringInfoString(&buf, "\\\\");
		else if (*p == '\n')
			appendStringInfoString(&buf, "\\n");
		else if (*p == '\r')
			appendStringInfoString(&buf, "\\r");
		else
			appendStringInfoChar(&buf, *p);
	}
	appendStringInfoChar(&buf, '\'');
	column->default_kind = DEFAULT_EXPRESSION;
	column->default_value = buf.data;
}

static void
append_column(StringInfo buf, const EngineModel *model, const EngineColumn *column)
{
	const ColumnSpec *spec = column->spec;
	const EngineType *type = column->type;
	char	   *check = engine_check(model, column);
	ListCell   *lc;

	appendStringInfo(buf, "%s %s", quote_engine_name(model->engine, column->name),
					 type->column ? type->column : type->name);
	if (type->storage == STORED_AS_ENUM)
	{
		appendStringInfoString(buf, " (");
		foreach(lc, spec->enum_labels)
			appendStringInfo(buf, "%s%s", foreach_current_index(lc) > 0 ? ", " : "",
							 quote_string(lfirst(lc)));
		appendStringInfoChar(buf, ')');
	}
	else if (column->length >= 0)
		appendStringInfo(buf, "(%d)", column->length);
	else if (column->scale >= 0)
		appendStringInfo(buf, "(%d,%d)", column->precision, column->scale);
	else if (column->precision >= 0)
		appendStringInfo(buf, "(%d)", column->precision);
	if (type->collation)
		appendStringInfo(buf, " COLLATE %s", type->collation);
	appendStringInfoString(buf, spec->nullable ? " NULL" : " NOT NULL");
	if (column->increments)
		appendStringInfoString(buf, " AUTO_INCREMENT");
	if (column->comment)
		appendStringInfo(buf, " COMMENT %s", quote_string(column->comment));
	if (column->default_sql)
		appendStringInfo(buf, " DEFAULT %s", column->default_sql);
	if (column->on_update)
		appendStringInfo(buf, " ON UPDATE %s", column->on_update);
	if (check)
		appendStringInfo(buf, " CHECK (%s)", check);
}

static void
append_index(StringInfo buf, const EngineModel *model, const char *kind,
			 const char *name, List *columns)
{
	appendStringInfo(buf, ",\n  %s %s (%s)", kind,
					 quote_engine_name(model->engine, name),
					 quote_engine_columns(model->engine, columns));
}

/*
 * The statement that creates a table.  TypeORM makes its indices first, and then
 * those of unique columns, in this order.
 */
static void
print_table(StringInfo buf, const EngineModel *model)
{
	const Engine *engine = model->engine;
	List	   *key = NIL;
	const char *separator = "";
	ListCell   *lc;

	append_remarks(buf, model, "--");
	appendStringInfo(buf, "CREATE TABLE %s (\n  ",
					 quote_engine_name(engine, model->table_name));
	foreach(lc, model->columns)
	{
		EngineColumn *column = lfirst(lc);

		if (column->left_out)
			continue;
		appendStringInfoString(buf, separator);
		separator = ",\n  ";
		append_column(buf, model, column);
		if (column->spec->primary)
			key = lappend(key, column);
	}
	foreach(lc, model->indexes)
		append_index(buf, model, "INDEX", ((EngineIndex *) lfirst(lc))->name,
					 ((EngineIndex *) lfirst(lc))->columns);
	foreach(lc, model->unique_indexes)
		append_index(buf, model, "UNIQUE INDEX", ((EngineIndex *) lfirst(lc))->name,
					 ((EngineIndex *) lfirst(lc))->columns);
	foreach(lc, model->uniques)
		append_index(buf, model, "UNIQUE INDEX", ((EngineIndex *) lfirst(lc))->name,
					 ((EngineIndex *) lfirst(lc))->columns);
	foreach(lc, model->columns)
	{
		EngineColumn *column = lfirst(lc);

		if (column->left_out == NULL && column->unique)
			append_index(buf, model, "UNIQUE INDEX",
						 name_index(model->table_name,
									list_make1(unconstify(char *, column->name)), NULL),
						 list_make1(column));
	}
	foreach(lc, model->checks)
	{
		const EngineCheck *check = lfirst(lc);

		appendStringInfo(buf, ",\n  CONSTRAINT %s CHECK (%s)",
						 quote_engine_name(engine, check->name), check->expression);
	}
	if (key)
		appendStringInfo(buf, ",\n  PRIMARY KEY (%s)", quote_engine_columns(engine, key));
	appendStringInfoString(buf, ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;\n\n");
}

/*
 * Print the statements that create the tables, and then their foreign keys.
 */
static void
print_models(StringInfo buf, List *models)
{
	ListCell   *lc;
	ListCell   *lc2;

	foreach(lc, models)
		print_table(buf, lfirst(lc));
	foreach(lc, models)
	{
		const EngineModel *model = lfirst(lc);

		foreach(lc2, model->references)
		{
			const EngineReference *reference = lfirst(lc2);

			appendStringInfo(buf, "ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s) ON DELETE %s ON UPDATE %s;\n",
							 quote_engine_name(model->engine, model->table_name),
							 quote_engine_name(model->engine, reference->name),
							 quote_engine_name(model->engine, reference->column->name),
							 quote_engine_name(model->engine, reference->target_table),
							 quote_engine_name(model->engine, reference->target_column),
							 reference->on_delete, reference->on_update);
		}
	}
}

/*
 * Print the queries whose results import_rows() takes, an object a line.
 */
static void
print_export(StringInfo buf, List *models)
{
	const char *separator;
	ListCell   *lc;
	ListCell   *lc2;

	/* A timestamp is printed in the zone of the session */
	appendStringInfoString(buf, "SET time_zone = '+00:00';\n");
	foreach(lc, models)
	{
		const EngineModel *model = lfirst(lc);

		appendStringInfoString(buf, "SELECT json_object(");
		separator = "";
		foreach(lc2, model->columns)
		{
			const EngineColumn *column = lfirst(lc2);

			if (column->left_out)
				continue;
			appendStringInfo(buf, column->type->storage == STORED_AS_BYTES ?
							 "%s%s, hex(%s)" : "%s%s, %s", separator,
							 quote_string(column->spec->property),
							 quote_engine_name(model->engine, column->name));
			separator = ", ";
		}
		appendStringInfo(buf, ") FROM %s;\n",
						 quote_engine_name(model->engine, model->table_name));
	}
}
