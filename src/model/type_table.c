/*-------------------------------------------------------------------------
 *
 * type_table.c
 *	  What is known of each type, as a table of data
 *
 * A type without a row can be had by its name with a schema.  Where a row does
 * not say what an ORM calls the type, the ORM's format takes its fallback, which
 * is text to most.
 *
 * What another database calls a type belongs into a table of that database,
 * keyed by oid; this one says what clients of PostgreSQL have.
 *
 * For a new type there is besides only type_modifiers() of types.c, if it has
 * modifiers and stores them in a way of its own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "model.h"

/* NextAuth's adapter makes a type with time zone of the spelling "timestamp" */
const TypeInfo type_table[] = {
	{
		.name = "int4", .oid = INT4OID, .family = FAMILY_INTEGER,
		.spellings = {"integer", "int", "int4", "Number"},
		.flags = TYPE_PARSED_ARRAY,
		.javascript = JS_NUMBER, .json = JSON_INTEGER,
		.json_keywords = "\"minimum\": -2147483648, \"maximum\": 2147483647",
		.prisma = {"Int"}, .drizzle = {"integer"}, .sequelize = "INTEGER",
		.mikro_orm = "integer"
	},
	{
		.name = "int2", .oid = INT2OID, .family = FAMILY_INTEGER,
		.spellings = {"smallint", "int2"}, .flags = TYPE_PARSED_ARRAY,
		.javascript = JS_NUMBER, .json = JSON_INTEGER,
		.json_keywords = "\"minimum\": -32768, \"maximum\": 32767",
		.prisma = {"Int", "SmallInt"}, .drizzle = {"smallint"},
		.sequelize = "SMALLINT", .mikro_orm = "smallint"
	},
	{
		.name = "int8", .oid = INT8OID, .family = FAMILY_INTEGER,
		.spellings = {"bigint", "int8"}, .flags = TYPE_PARSED_ARRAY,
		.written = "string | number | bigint", .json = JSON_INTEGER,
		.prisma = {"BigInt"}, .drizzle = {"bigint", "mode: \"bigint\""},
		.sequelize = "BIGINT", .mikro_orm = "bigint"
	},
	{
		.name = "numeric", .oid = NUMERICOID,
		.spellings = {"numeric", "decimal"},
		.flags = TYPE_PRECISION | TYPE_SCALE | TYPE_PARSED_ARRAY,
		.written = "string | number", .json = JSON_NUMBER,
		.prisma = {"Decimal", "Decimal"}, .drizzle = {"numeric"},
		.sequelize = "DECIMAL", .mikro_orm = "decimal"
	},
	{
		.name = "float4", .oid = FLOAT4OID, .spellings = {"real", "float4"},
		.flags = TYPE_PARSED_ARRAY,
		.javascript = JS_NUMBER, .json = JSON_NUMBER,
		.prisma = {"Float", "Real"}, .drizzle = {"real"}, .sequelize = "REAL",
		.mikro_orm = "float"
	},
	{
		.name = "float8", .oid = FLOAT8OID,
		.spellings = {"double precision", "float8", "float"},
		.flags = TYPE_PARSED_ARRAY,
		.javascript = JS_NUMBER, .json = JSON_NUMBER,
		.prisma = {"Float"}, .drizzle = {"doublePrecision"},
		.sequelize = "DOUBLE", .mikro_orm = "double"
	},
	{
		.name = "money", .oid = CASHOID, .spellings = {"money"},
		.flags = TYPE_PARSED_ARRAY,
		.prisma = {"Decimal", "Money"}
	},
	{
		.name = "varchar", .oid = VARCHAROID,
		.spellings = {"character varying", "varchar", "String"},
		.flags = TYPE_LENGTH | TYPE_PARSED_ARRAY,
		.prisma = {"String", "VarChar"}, .drizzle = {"varchar"},
		.sequelize = "STRING", .mikro_orm = "string"
	},
	{
		.name = "bpchar", .oid = BPCHAROID, .spellings = {"character", "char"},
		.flags = TYPE_LENGTH | TYPE_OF_LENGTH_1 | TYPE_PARSED_ARRAY,
		.prisma = {"String", "Char"}, .drizzle = {"char"}, .sequelize = "CHAR",
		.mikro_orm = "string"
	},
	{
		.name = "text", .oid = TEXTOID,
		.spellings = {"text", "simple-array", "simple-json"},
		.flags = TYPE_PARSED_ARRAY,
		.prisma = {"String"}, .drizzle = {"text"}, .sequelize = "TEXT",
		.mikro_orm = "text"
	},
	{
		.name = "bytea", .oid = BYTEAOID, .spellings = {"bytea"},
		.flags = TYPE_PARSED_ARRAY,
		.javascript = JS_BUFFER, .written = "Buffer | string",
		.json_keywords = "\"pattern\": \"^\\\\\\\\x([0-9a-f]{2})*$\"",
		.prisma = {"Bytes"}, .sequelize = "BLOB", .mikro_orm = "blob"
	},
	{
		.name = "bit", .oid = BITOID, .spellings = {"bit"},
		.flags = TYPE_LENGTH | TYPE_OF_LENGTH_1,
		.json_keywords = "\"pattern\": \"^[01]*$\"",
		.prisma = {"String", "Bit"}
	},
	{
		.name = "varbit", .oid = VARBITOID,
		.spellings = {"bit varying", "varbit"}, .flags = TYPE_LENGTH,
		.json_keywords = "\"pattern\": \"^[01]*$\"",
		.prisma = {"String", "VarBit"}
	},
	{
		.name = "timestamptz", .oid = TIMESTAMPTZOID,
		.family = FAMILY_TIMESTAMP,
		.spellings = {"timestamp with time zone", "timestamptz", "timestamp"},
		.flags = TYPE_PRECISION | TYPE_IS_TIME | TYPE_PARSED_ARRAY,
		.javascript = JS_DATE, .written = "Date | string",
		.json_keywords = "\"format\": \"date-time\"",
		.prisma = {"DateTime", "Timestamptz"},
		.drizzle = {"timestamp", "withTimezone: true, mode: \"date\""},
		.sequelize = "DATE", .mikro_orm = "datetime"
	},
	{
		.name = "timestamp", .oid = TIMESTAMPOID, .family = FAMILY_TIMESTAMP,
		.spellings = {"timestamp without time zone", "Date"},
		.flags = TYPE_PRECISION | TYPE_IS_TIME | TYPE_PARSED_ARRAY,
		.javascript = JS_DATE, .written = "Date | string",
		.prisma = {"DateTime", "Timestamp"},
		.drizzle = {"timestamp", "mode: \"date\""}, .sequelize = "DATE",
		.mikro_orm = "datetime"
	},
	{
		.name = "date", .oid = DATEOID, .spellings = {"date"},
		.flags = TYPE_IS_TIME | TYPE_PARSED_ARRAY,
		.javascript = JS_DATE, .written = "Date | string",
		.json_keywords = "\"format\": \"date\"",
		.prisma = {"DateTime", "Date"}, .drizzle = {"date"},
		.sequelize = "DATEONLY", .mikro_orm = "date"
	},
	{
		.name = "time", .oid = TIMEOID,
		.spellings = {"time without time zone", "time"},
		.flags = TYPE_PRECISION | TYPE_IS_TIME | TYPE_PARSED_ARRAY,
		.prisma = {"DateTime", "Time"}, .drizzle = {"time"},
		.sequelize = "TIME", .mikro_orm = "time"
	},
	{
		.name = "timetz", .oid = TIMETZOID,
		.spellings = {"time with time zone", "timetz"},
		.flags = TYPE_PRECISION | TYPE_IS_TIME | TYPE_PARSED_ARRAY,
		.prisma = {"DateTime", "Timetz"},
		.drizzle = {"time", "withTimezone: true"}
	},
	{
		.name = "interval", .oid = INTERVALOID, .spellings = {"interval"},
		.flags = TYPE_PRECISION | TYPE_PARSED_ARRAY,
		.javascript = JS_INTERVAL, .written = "PostgresInterval | string",
		.drizzle = {"interval"}
	},
	{
		.name = "bool", .oid = BOOLOID,
		.spellings = {"boolean", "bool", "Boolean"},
		.flags = TYPE_PARSED_ARRAY,
		.javascript = JS_BOOLEAN, .json = JSON_BOOLEAN,
		.prisma = {"Boolean"}, .drizzle = {"boolean"}, .sequelize = "BOOLEAN",
		.mikro_orm = "boolean"
	},
	{
		.name = "anyenum", .oid = ANYENUMOID,
		.spellings = {"enum", "simple-enum"}
	},
	{
		.name = "point", .oid = POINTOID, .spellings = {"point"},
		.flags = TYPE_PARSED_ARRAY,
		.javascript = JS_POINT, .written = "string",
		.drizzle = {"point", "mode: \"xy\""}
	},
	{.name = "line", .oid = LINEOID, .spellings = {"line"}},
	{.name = "lseg", .oid = LSEGOID, .spellings = {"lseg"}},
	{.name = "box", .oid = BOXOID, .spellings = {"box"}},
	{.name = "path", .oid = PATHOID, .spellings = {"path"}},
	{.name = "polygon", .oid = POLYGONOID, .spellings = {"polygon"}},
	{
		.name = "circle", .oid = CIRCLEOID, .spellings = {"circle"},
		.javascript = JS_CIRCLE, .written = "string"
	},
	{
		.name = "cidr", .oid = CIDROID, .spellings = {"cidr"},
		.flags = TYPE_PARSED_ARRAY,
		.prisma = {"String"}, .drizzle = {"cidr"}, .sequelize = "CIDR"
	},
	{
		.name = "inet", .oid = INETOID, .spellings = {"inet"},
		.flags = TYPE_PARSED_ARRAY,
		.prisma = {"String", "Inet"}, .drizzle = {"inet"}, .sequelize = "INET"
	},
	{
		.name = "macaddr", .oid = MACADDROID, .spellings = {"macaddr"},
		.flags = TYPE_PARSED_ARRAY,
		.drizzle = {"macaddr"}, .sequelize = "MACADDR"
	},
	{
		.name = "macaddr8", .oid = MACADDR8OID, .spellings = {"macaddr8"},
		.flags = TYPE_NEW_TO_TYPEORM,
		.drizzle = {"macaddr8"}
	},
	{
		.name = "tsvector", .oid = TSVECTOROID, .spellings = {"tsvector"},
		.sequelize = "TSVECTOR"
	},
	{.name = "tsquery", .oid = TSQUERYOID, .spellings = {"tsquery"}},
	{
		.name = "uuid", .oid = UUIDOID, .spellings = {"uuid"},
		.flags = TYPE_PARSED_ARRAY,
		.json_keywords = "\"format\": \"uuid\"",
		.prisma = {"String", "Uuid"}, .drizzle = {"uuid"}, .sequelize = "UUID",
		.mikro_orm = "uuid"
	},
	{
		.name = "xml", .oid = XMLOID, .spellings = {"xml"},
		.prisma = {"String", "Xml"}
	},
	{
		.name = "json", .oid = JSONOID, .spellings = {"json"},
		.flags = TYPE_PARSED_ARRAY,
		.javascript = JS_JSON, .json = JSON_ANY,
		.prisma = {"Json", "Json"}, .drizzle = {"json"}, .sequelize = "JSON",
		.mikro_orm = "json"
	},
	{
		.name = "jsonb", .oid = JSONBOID, .spellings = {"jsonb"},
		.flags = TYPE_PARSED_ARRAY,
		.javascript = JS_JSON, .json = JSON_ANY,
		.prisma = {"Json"}, .drizzle = {"jsonb"}, .sequelize = "JSONB",
		.mikro_orm = "json"
	},
	{
		.name = "jsonpath", .oid = JSONPATHOID, .spellings = {"jsonpath"},
		.flags = TYPE_NEW_TO_TYPEORM
	},
	{
		.name = "int4range", .oid = INT4RANGEOID, .spellings = {"int4range"},
		.sequelize = "RANGE(DataTypes.INTEGER)"
	},
	{
		.name = "int8range", .oid = INT8RANGEOID, .spellings = {"int8range"},
		.sequelize = "RANGE(DataTypes.BIGINT)"
	},
	{
		.name = "numrange", .oid = NUMRANGEOID, .spellings = {"numrange"},
		.flags = TYPE_PARSED_ARRAY,
		.sequelize = "RANGE(DataTypes.DECIMAL)"
	},
	{
		.name = "tsrange", .oid = TSRANGEOID, .spellings = {"tsrange"},
		.flags = TYPE_IS_TIME
	},
	{
		.name = "tstzrange", .oid = TSTZRANGEOID, .spellings = {"tstzrange"},
		.flags = TYPE_IS_TIME,
		.sequelize = "RANGE(DataTypes.DATE)"
	},
	{
		.name = "daterange", .oid = DATERANGEOID, .spellings = {"daterange"},
		.flags = TYPE_IS_TIME,
		.sequelize = "RANGE(DataTypes.DATEONLY)"
	},
	{
		.name = "int4multirange", .oid = INT4MULTIRANGEOID,
		.spellings = {"int4multirange"}, .flags = TYPE_NEW_TO_TYPEORM
	},
	{
		.name = "int8multirange", .oid = INT8MULTIRANGEOID,
		.spellings = {"int8multirange"}, .flags = TYPE_NEW_TO_TYPEORM
	},
	{
		.name = "nummultirange", .oid = NUMMULTIRANGEOID,
		.spellings = {"nummultirange"}, .flags = TYPE_NEW_TO_TYPEORM
	},
	{
		.name = "tsmultirange", .oid = TSMULTIRANGEOID,
		.spellings = {"tsmultirange"},
		.flags = TYPE_IS_TIME | TYPE_NEW_TO_TYPEORM
	},
	{
		.name = "tstzmultirange", .oid = TSTZMULTIRANGEOID,
		.spellings = {"tstzmultirange"},
		.flags = TYPE_IS_TIME | TYPE_NEW_TO_TYPEORM
	},
	{
		.name = "datemultirange", .oid = DATEMULTIRANGEOID,
		.spellings = {"datemultirange"},
		.flags = TYPE_IS_TIME | TYPE_NEW_TO_TYPEORM
	},
	{
		.name = "citext", .extension = "citext", .spellings = {"citext"},
		.prisma = {"String", "Citext"}, .sequelize = "CITEXT"
	},
	{
		.name = "hstore", .extension = "hstore", .spellings = {"hstore"},
		.json = JSON_OBJECT,
		.sequelize = "HSTORE"
	},
	{.name = "cube", .extension = "cube", .spellings = {"cube"}},
	{.name = "ltree", .extension = "ltree", .spellings = {"ltree"}},
	{
		.name = "geometry", .extension = "postgis", .spellings = {"geometry"},
		.json = JSON_OBJECT,
		.sequelize = "GEOMETRY"
	},
	{
		.name = "geography", .extension = "postgis",
		.spellings = {"geography"},
		.json = JSON_OBJECT,
		.sequelize = "GEOGRAPHY"
	},
	{
		.name = "vector", .extension = "vector", .spellings = {"vector"},
		.flags = TYPE_LENGTH | TYPE_DIMENSIONS | TYPE_NEW_TO_TYPEORM,
		.drizzle = {"vector"}
	},
	{
		.name = "halfvec", .extension = "vector", .spellings = {"halfvec"},
		.flags = TYPE_LENGTH | TYPE_DIMENSIONS | TYPE_NEW_TO_TYPEORM,
		.drizzle = {"halfvec"}
	},
	{.name = NULL}
};
