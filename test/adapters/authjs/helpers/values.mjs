// A property of every type, with a value: as PostgreSQL prints it, and as applications write it, if that is not the same. Where a
// library has it in a way of its own, or reads it in another way than it writes it, that is said by the name of the format;
// `null` is for what a library cannot read and write.
const guid = "0b5e0b5e-0000-4000-8000-0b5e0b5e0b5e";
const time = new Date("2020-02-29T12:00:00.123Z");
const localDay = new Date(2020, 1, 29);
const days = { written: ["2020-02-29"], read: [localDay] };
const asText = { written: `{"so so",it's}`, read: `{"so so",it's}` };

/** What everybody writes as text and package pg reads as an object, Drizzle as what is given. */
const readAs = (read, drizzle) => ({
  ...Object.fromEntries(["kysely", "typeorm", "sequelize", "mikro-orm", "better-auth"].map((name) => [name, { read }])), drizzle, prisma: null,
});

/** Ends of a range as Sequelize writes it, and as it reads it. */
const range = (from, to, read = (value) => value) => ({
  prisma: null,
  sequelize: { written: [from, to], read: [{ value: read(from), inclusive: true }, { value: read(to), inclusive: false }] },
});

export const values = {
  smallint: { type: "smallint", text: "7", value: 7 },
  integer: { type: "int", text: "42", value: 42 },
  bigint: { type: "bigint", text: "9007199254740993", prisma: 9007199254740993n, drizzle: 9007199254740993n },
  numeric: { type: "numeric", precision: 10, scale: 2, text: "12.50", prisma: { read: "12.5" } },
  unlimited: { type: "numeric", text: "1.25" },
  real: { type: "real", text: "1.5", value: 1.5 },
  double: { type: "double precision", text: "2.25", value: 2.25 },
  money: { type: "money", text: "$1.50", prisma: { written: "1.50", read: "1.5" } },
  varchar: { type: "varchar", length: 20, text: "it's" },
  char: { type: "char", length: 3, text: "abc" },
  long: { type: "text", text: "a \\ \"b\"\n'c'" },
  citext: { type: "citext", text: "Abc" },
  simpleArray: { type: "simple-array", text: "a,b", typeorm: ["a", "b"] },
  simpleJson: { type: "simple-json", text: '{"a":1}', typeorm: { a: 1 } },
  bytea: { type: "bytea", text: "\\x6162", value: Buffer.from("ab"), prisma: { read: new Uint8Array([97, 98]) } },
  bit: { type: "bit", length: 4, text: "1010" },
  varbit: { type: "varbit", text: "101" },
  timestamptz: { type: "timestamptz", text: "2020-02-29 12:00:00.123+00", value: time },
  toTheSecond: { type: "timestamptz", precision: 0, text: "2020-02-29 12:00:00+00", value: new Date("2020-02-29T12:00:00Z") },
  // Which zone it is of is each library's own matter; these two write one of UTC and read a local one.
  timestamp: { type: "timestamp without time zone", text: null, value: time, ...(time.getTimezoneOffset() !== 0 && { sequelize: null, "mikro-orm": null }) },
  date: {
    type: "date", text: "2020-02-29",
    kysely: { read: localDay }, "better-auth": { read: localDay }, prisma: new Date("2020-02-29"),
  },
  time: { type: "time", text: "12:34:56", prisma: new Date("1970-01-01T12:34:56Z") },
  timetz: { type: "timetz", text: "12:34:56+00", prisma: new Date("1970-01-01T12:34:56Z") },
  interval: { type: "interval", text: "1 day 02:00:00", ...readAs({ days: 1, hours: 2 }) },
  boolean: { type: "boolean", text: "true", value: true },
  enum: { enum: ["so so", "it's"], text: "it's", prisma: "it_s" },
  point: { type: "point", text: "(1,2)", ...readAs({ x: 1, y: 2 }, { x: 1, y: 2 }) },
  circle: { type: "circle", text: "<(0,0),1>", ...readAs({ x: 0, y: 0, radius: 1 }, { x: 0, y: 0, radius: 1 }) },
  line: { type: "line", text: "{1,2,3}", prisma: null },
  lseg: { type: "lseg", text: "[(0,0),(1,1)]", prisma: null },
  box: { type: "box", text: "(1,1),(0,0)", prisma: null },
  path: { type: "path", text: "((0,0),(1,1))", prisma: null },
  polygon: { type: "polygon", text: "((0,0),(1,1),(1,0))", prisma: null },
  cidr: { type: "cidr", text: "10.0.0.0/8" },
  inet: { type: "inet", text: "10.1.2.3/32", value: "10.1.2.3" },
  macaddr: { type: "macaddr", text: "08:00:2b:01:02:03", prisma: null },
  macaddr8: { type: "macaddr8", text: "08:00:2b:01:02:03:04:05", prisma: null },
  tsvector: { type: "tsvector", text: "'a' 'b'", prisma: null },
  tsquery: { type: "tsquery", text: "'a' & 'b'", prisma: null },
  uuid: { type: "uuid", text: guid },
  xml: { type: "xml", text: "<a/>" },
  json: { type: "json", text: '{"a":[1,null]}', value: { a: [1, null] } },
  jsonb: { type: "jsonb", text: '{"a": "b"}', value: { a: "b" } },
  jsonpath: { type: "jsonpath", text: '$."a"', prisma: null },
  int4range: { type: "int4range", text: "[1,5)", ...range(1, 5) },
  int8range: { type: "int8range", text: "[1,5)", ...range(1, 5, String) },
  numrange: { type: "numrange", text: "[1.5,5)", ...range(1.5, 5, String) },
  daterange: { type: "daterange", text: "[2020-01-01,2020-01-05)", ...range("2020-01-01", "2020-01-05") },
  tstzrange: { type: "tstzrange", text: '["2020-01-01 00:00:00+00","2020-01-05 00:00:00+00")', ...range(new Date("2020-01-01"), new Date("2020-01-05")) },
  tsrange: {
    type: "tsrange", text: '["2020-01-01 00:00:00","2020-01-05 00:00:00")', prisma: null,
    sequelize: { read: [{ value: new Date(2020, 0, 1), inclusive: true }, { value: new Date(2020, 0, 5), inclusive: false }] },
  },
  int4multirange: { type: "int4multirange", text: "{[1,5)}", prisma: null },
  hstore: { type: "hstore", text: '"a"=>"b"', sequelize: { a: "b" } },
  cube: { type: "cube", text: "(1, 2)", typeorm: [1, 2] },
  ltree: { type: "ltree", text: "a.b" },

  integers: { type: "int", array: true, text: "{1,2}", value: [1, 2] },
  bigints: { type: "bigint", array: true, text: "{1,2}", value: ["1", "2"], drizzle: [1n, 2n], prisma: [1n, 2n] },
  numerics: { type: "numeric", array: true, text: "{1.5,2.5}", value: [1.5, 2.5], drizzle: ["1.5", "2.5"], sequelize: ["1.5", "2.5"], prisma: { read: ["1.5", "2.5"] } },
  doubles: { type: "double precision", array: true, text: "{1.5}", value: [1.5] },
  texts: { type: "text", array: true, text: '{a,"b c","d\\""}', value: ["a", "b c", 'd"'] },
  varchars: { type: "varchar", array: true, text: "{a,b}", value: ["a", "b"] },
  booleans: { type: "boolean", array: true, text: "{t,f}", value: [true, false] },
  timestamptzs: { type: "timestamptz", array: true, text: '{"2020-02-29 12:00:00.123+00"}', value: [time] },
  dates: {
    type: "date", array: true, text: "{2020-02-29}", value: ["2020-02-29"], prisma: [new Date("2020-02-29")],
    kysely: days, typeorm: days, "mikro-orm": days, "better-auth": days,
  },
  uuids: { type: "uuid", array: true, text: `{${guid}}`, value: [guid] },
  inets: { type: "inet", array: true, text: "{10.1.2.3}", value: ["10.1.2.3"] },
  jsonbs: { type: "jsonb", array: true, text: '{"{\\"a\\": 1}","{\\"b\\": \\"c\\"}"}', value: [{ a: 1 }, { b: "c" }] },
  words: { enum: ["read", "write"], array: true, text: "{read,write}", value: ["read", "write"], kysely: { read: "{read,write}" }, "better-auth": "{read,write}" },
  // Of these package pg does not know that they are arrays.
  labels: {
    enum: ["so so", "it's"], array: true, text: `{"so so",it's}`, value: ["so so", "it's"], prisma: ["so_so", "it_s"],
    kysely: { read: `{"so so",it's}` }, "mikro-orm": asText, "better-auth": asText,
  },
  citexts: {
    type: "citext", array: true, text: "{Ab,c}", value: ["Ab", "c"], prisma: null,
    kysely: { read: "{Ab,c}" }, typeorm: { read: "{Ab,c}" }, "mikro-orm": "{Ab,c}", "better-auth": "{Ab,c}",
  },
};

const keys = ["type", "length", "precision", "scale", "array", "enum"];

/** The properties as extend_model() takes them. */
export const definitions = Object.entries(values).map(([property, definition]) => ({
  property, nullable: true, ...Object.fromEntries(keys.filter((key) => key in definition).map((key) => [key, definition[key]])),
}));

/** A value as the application writes and reads it with this format; undefined if it cannot. */
export function valueFor(format, { text, value = text, ...others }) {
  const own = others[format];
  if (own === null) return undefined;
  if (own?.read !== undefined) return { written: own.written ?? value, read: own.read };
  return { written: own ?? value, read: own ?? value };
}
