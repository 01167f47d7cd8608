// What extend_model is asked for, one column a case, and what is known to be special about it.
import "typeorm"; // before its parts, which import each other in circles
import { PostgresDriver } from "typeorm/driver/postgres/PostgresDriver.js";

// geometry and geography need PostGIS, which the server need not have; enum needs its values and has cases of its own. The types
// that TypeORM 0.3 added (macaddr8, jsonpath, multiranges, vector …) are unknown to 0.2.45, which refuses a model with one.
const types = new PostgresDriver().supportedDataTypes.filter((type) => !["geometry", "geography", "enum"].includes(type));

const nullable = (type, options) => ({ type, nullable: true, ...options });
const withDefault = (type, value, options) => ({ type, default: value, ...options });
const expression = (type, defaultExpression, options) => ({ type, defaultExpression, ...options });
const marked = (mark, columns) => columns.map((options) => ({ options, ...mark }));

const colours = ["red", "light green", "it's blue"];

/**
 * Marks of a case:
 * - `perpetual`: TypeORM sees a difference however the column is described, and the reason;
 * - `unlike`: TypeORM's own column is not compared, and the reason.
 */
export const cases = [
  ...[
    ...types.map((type) => nullable(type)),
    ...["simple-array", "simple-json", "String", "Number", "Boolean", "Date"].map((type) => nullable(type)),
    ...types.map((type) => nullable(type, { array: true })),

    // length, precision and scale
    nullable("varchar", { length: 20 }),
    nullable("character varying", { length: "20" }),
    nullable("character", { length: 3 }),
    nullable("char", { length: 1 }),
    nullable("bit", { length: 4 }),
    nullable("varbit", { length: 8 }),
    nullable("bit varying", { length: 8 }),
    nullable("varchar", { length: 20, array: true }),
    nullable("numeric", { precision: 12, scale: 2 }),
    nullable("decimal", { precision: 10 }),
    nullable("numeric", { precision: 5, scale: 0 }),
    nullable("timestamptz", { precision: 3 }),
    nullable("timestamp without time zone", { precision: 0 }),
    nullable("time without time zone", { precision: 2 }),
    nullable("time with time zone", { precision: 2 }),
    nullable("interval", { precision: 3 }),
    nullable("numeric", { precision: 12, scale: 2, array: true }),
    nullable("timestamptz", { precision: 3, array: true }),

    // nullable, unique, comment, collation
    nullable("varchar", { unique: true }),
    nullable("int", { unique: true, comment: "a number" }),
    nullable("uuid", { unique: true }),
    nullable("varchar", { array: true, unique: true }),
    nullable("varchar", { comment: "it's a \"comment\"\nof two lines" }),
    nullable("varchar", { comment: "" }),
    nullable("varchar", { collation: "C" }),
    nullable("text", { collation: "POSIX", unique: true }),
    nullable("varchar", { unique: false, array: false, select: true }),

    // defaults: strings
    withDefault("varchar", "plain"),
    withDefault("varchar", ""),
    withDefault("varchar", "two words, a comma"),
    withDefault("varchar", "007"),
    withDefault("varchar", "-5"),
    withDefault("varchar", "now()"),
    withDefault("varchar", "CURRENT_TIMESTAMP"),
    withDefault("varchar", "a \\ backslash"),
    withDefault("varchar", "two\nlines"),
    withDefault("varchar", "\u00fcml\u00e4ut \u{1f600}"),
    withDefault("varchar", "10", { length: 20 }),
    withDefault("text", "UPPER lower"),
    withDefault("char", "y"),
    withDefault("citext", "CaseLess"),
    withDefault("varchar", null),
    nullable("varchar", { default: null }),
    nullable("varchar", { default: "optional" }),

    // defaults: numbers and booleans
    withDefault("int", 0),
    withDefault("int", 42),
    withDefault("int", -1),
    withDefault("int", "7"),
    withDefault("smallint", -32768),
    withDefault("bigint", 5),
    withDefault("bigint", -5),
    withDefault("bigint", "9007199254740993"),
    withDefault("bigint", "-9223372036854775808"),
    withDefault("numeric", 3),
    withDefault("numeric", 1.5),
    withDefault("numeric", -1.5),
    withDefault("numeric", "0.10", { precision: 12, scale: 2 }),
    withDefault("real", 2.5),
    withDefault("double precision", -2.5),
    withDefault("double precision", 1e21),
    withDefault("money", 12),
    withDefault("boolean", true),
    withDefault("boolean", false),
    withDefault("bool", "true"),

    // defaults: JSON
    withDefault("jsonb", {}),
    withDefault("jsonb", []),
    withDefault("jsonb", { b: 1, a: [true, null, { c: "d" }] }),
    withDefault("jsonb", [1, "two"]),
    withDefault("jsonb", "\"text\""),
    withDefault("jsonb", "{\"a\": 1}"),
    withDefault("jsonb", 5),
    withDefault("jsonb", { long: "UPPER \"quoted\"" }),
    withDefault("json", []),
    withDefault("simple-json", { a: 1 }),
    withDefault("simple-json", []),
    withDefault("simple-array", "a,b"),

    // defaults: arrays
    withDefault("text", [], { array: true }),
    withDefault("text", ["a", "b"], { array: true }),
    withDefault("varchar", "{a,b}", { array: true }),
    withDefault("int", [1, -2], { array: true }),
    withDefault("numeric", [1.5, 2], { array: true }),
    withDefault("boolean", [true, false], { array: true }),
    withDefault("uuid", ["00000000-0000-0000-0000-000000000000"], { array: true }),

    // defaults: everything else that has a literal
    withDefault("date", "2020-02-29"),
    withDefault("time", "12:34:56"),
    withDefault("timestamptz", "2020-01-01 00:00:00+00"),
    withDefault("timestamp without time zone", "2020-01-01 00:00:00"),
    withDefault("interval", "1 day"),
    withDefault("bit", "1010", { length: 4 }),
    withDefault("uuid", "00000000-0000-0000-0000-000000000000"),
    withDefault("inet", "127.0.0.1"),
    withDefault("cidr", "10.0.0.0/8"),
    withDefault("macaddr", "08:00:2b:01:02:03"),
    withDefault("point", "(1,2)"),
    withDefault("int4range", "[1,10)"),
    withDefault("int4range", "[1,9]"),
    withDefault("tstzrange", "empty"),
    withDefault("xml", "<a/>"),
    withDefault("bytea", "\\x6869"),
    withDefault("ltree", "a.b"),

    // defaults: expressions
    expression("timestamptz", "now()"),
    expression("timestamptz", "NOW()"),
    expression("timestamptz", "CURRENT_TIMESTAMP"),
    expression("timestamptz", "CURRENT_TIMESTAMP(3)", { precision: 3 }),
    expression("timestamp without time zone", "LOCALTIMESTAMP"),
    expression("date", "CURRENT_DATE"),
    expression("date", "now()"),
    expression("timestamptz", "now() + interval '1 day'"),
    expression("timestamptz", "statement_timestamp()"),
    expression("text", "lower('X')"),
    expression("varchar", "md5('a' || 'B')"),
    expression("uuid", "gen_random_uuid()"),
    expression("varchar", "gen_random_uuid()::text"),
    expression("text", "current_user"),
    expression("int", "1+1"),
    expression("int", "5"),
    expression("jsonb", "'{}'"),
    expression("jsonb", "jsonb_build_object('a', 1)"),
    expression("text", "array_to_string('{a,b}'::text[], ',')"),

    // enums
    nullable("enum", { enum: colours }),
    withDefault("enum", "light green", { enum: colours }),
    withDefault("simple-enum", "red", { enum: ["red", "Green"] }),
    nullable("enum", { enum: { Red: "red", Green: "GREEN" } }),
    nullable("enum", { enum: ["red"], unique: true, comment: "one colour" }),
    nullable("enum", { enum: ["a", "b"], array: true }),
    withDefault("enum", ["a", "b"], { enum: ["a", "b", "c"], array: true }),
    withDefault("enum", [], { enum: ["a", "b", "c"], array: true }),

    // generated columns and those that TypeORM fills
    { type: "uuid", generated: "uuid" },
    { type: "uuid", generated: "uuid", unique: true },
    { type: "int", generated: true },
    { type: "int", generated: "increment" },
    { type: "smallint", generated: "increment", unique: true, comment: "a number" },
    { type: "bigint", generated: "increment", select: false },
    { type: "int", generated: "increment", name: "Mixed Case column" },
    { type: "int", generated: "identity" },
    { type: "smallint", generated: "identity", unique: true },
    { type: "bigint", generated: "identity", comment: "a number", update: false },
    { type: "int", generated: "identity", name: "it's a column" },
    { type: "timestamp", createDate: true },
    { type: "timestamptz", createDate: true },
    { type: "timestamp", updateDate: true },
    { type: "timestamp", deleteDate: true },
    { type: "timestamptz", deleteDate: true, nullable: true },
    { type: "int", version: true },
    { version: true },
    { type: "timestamptz", createDate: true, precision: 3 },

    // what only an adapter understands
    nullable("varchar", { select: false }),
    nullable("varchar", { insert: false, update: false }),
    nullable("varchar", { update: false, select: false, unique: true }),
    nullable("varchar", { readonly: true }),

    // "column" in a name stands for the case's own, see below
    nullable("varchar", { name: "column" }),
    nullable("varchar", { name: "Mixed Case column" }),
    nullable("int", { name: "it's a column", unique: true }),
    nullable("enum", { name: "Enum COLUMN", enum: ["a"] }),
  ].map((options) => ({ options })),

  ...marked({ unlike: "every time type has precision 6 by default, so ours says none" }, [
    nullable("timestamp with time zone", { precision: 6 }),
  ]),

  ...marked({ unlike: "TypeORM does not escape the quote" }, [
    withDefault("varchar", "it's"),
    withDefault("varchar", "'"),
    withDefault("jsonb", { a: "it's \"quoted\"" }),
    withDefault("jsonb", "\"it's\""),
    withDefault("simple-json", { a: "it's" }),
    withDefault("simple-array", "it's,b"),
    withDefault("tsvector", "'a' 'b'"),
    withDefault("text", ["it's"], { array: true }),
    withDefault("enum", "it's blue", { enum: colours }),
    withDefault("enum", ["red", "it's blue"], { enum: colours, array: true }),
  ]),

  ...marked({ unlike: "TypeORM does not quote the elements" }, [
    withDefault("text", ["a,b", "c \"d\"", "", "NULL", " {e} \\"], { array: true }),
    withDefault("jsonb", [{ a: 1, b: "c" }, [2]], { array: true }),
    withDefault("enum", ["light green", "a,b"], { enum: [...colours, "a,b"], array: true }),
  ]),

  ...marked({ unlike: "TypeORM loses digits: a JavaScript number" }, [
    withDefault("bigint", 9007199254740993n),
  ]),

  ...marked({ unlike: "TypeORM fails: an enum's values must be strings" }, [
    withDefault("enum", 2, { enum: [1, 2] }),
  ]),

  ...marked({ unlike: "TypeORM leaves the quotes out" }, [
    withDefault("jsonb", true),
  ]),

  ...marked({ unlike: "jsonb prints with spaces of its own" }, [
    withDefault("json", { a: 1, b: [2, 3] }),
  ]),
  ...marked({ unlike: "jsonb keeps an order of its own" }, [
    withDefault("simple-json", { theme: "dark", aa: [1, 2] }),
  ]),

  ...marked({ unlike: "TypeORM makes a JSON text, not the elements" }, [
    withDefault("simple-array", ["a", "b"]),
  ]),

  ...marked({ unlike: "TypeORM takes the bare call for that of a generated uuid, so ours has the cast" }, [
    expression("varchar", "gen_random_uuid()"),
  ]),
  ...marked({ unlike: "TypeORM takes any expression with CURRENT_TIMESTAMP for now()" }, [
    expression("timestamptz", "CURRENT_TIMESTAMP + interval '1 day'"),
  ]),
  ...marked({ perpetual: "TypeORM takes ::b for a cast within the literal" }, [
    withDefault("varchar", "a::b"),
  ]),
  ...marked({ perpetual: "EntitySchema of 0.2.45 drops enumName", unlike: "likewise" }, [
    nullable("enum", { enum: ["a", "b"], enumName: "colour_column" }),
  ]),
].map(({ options, ...marks }, i) => {
  // A name that occurs in whatever statement is about the column.
  const column = `c${i}`;
  for (const option of ["name", "enumName"]) {
    if (options[option]) options = { ...options, [option]: options[option].replace(/column/i, column) };
  }
  return { property: column, column: options.name ?? column, options, title: `${i}: ${json(options)}`, ...marks };
});

/** JSON.stringify with bigints as the numbers that they are. */
export function json(value) {
  return JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v)).replace(/"(-?\d+)n"/g, "$1");
}
