// What applications add to User: for each property its options, a value of it, and what is special about it on an engine.
//
// - `given`: as JavaScript writes it and, unless an engine's name says something else, reads it everywhere;
// - `initial`: what it is in a user who has none; MongoDB has no defaults;
// - `bad`: what the engines' tables refuse, as a literal of SQL, and as one of JavaScript under `mongodb`; an engine that cannot
//   refuse it has null under its name.
const nullable = (type, options) => ({ type, nullable: true, ...options });
const withDefault = (type, value, options) => ({ type, default: value, ...options });

export const tutorialUser = {
  phoneNumber: { options: nullable("varchar"), given: "+44 20 7946 0123" },
};

export const richUser = {
  ...tutorialUser,
  nickName: {
    options: withDefault("varchar", "it's", { length: 40 }), initial: "it's", given: "Countess \\ \"Ada\"",
    bad: { sql: `'${"x".repeat(41)}'`, mongodb: `"${"x".repeat(41)}"` },
  },
  code: { options: nullable("char", { length: 3 }), given: "abc", bad: { sql: "'abcd'", mongodb: '"abcd"' } },
  biography: { options: nullable("text"), given: "it's\n\"mine\" \\ 日本語 😀", bad: { mongodb: "7" } },
  motto: { options: nullable("varchar", { comment: "it's \"the\" motto -- of /* many */ `words`" }), given: "?" },
  age: { options: nullable("smallint"), given: 36, bad: { sql: "'old'", mongodb: '"old"' } },
  points: { options: withDefault("int", 7), initial: 7, given: -42, bad: { sql: "'many'", mongodb: '"many"' } },
  followers: { options: nullable("bigint"), given: "9007199254740991", sqlite: 9007199254740991, bad: { sql: "'many'", mongodb: "true" } },
  balance: {
    options: withDefault("numeric", 1.5, { precision: 12, scale: 2 }), initial: "1.50", given: "1234567890.12",
    sqlite: 1234567890.12, bad: { sql: "'much'", mongodb: "true" },
  },
  ratio: { options: withDefault("double precision", 0.5), initial: 0.5, given: 0.1, bad: { sql: "'half'", mongodb: '"half"' } },
  rating: { options: nullable("real"), given: 1.5, bad: { sql: "'good'", mongodb: '"good"' } },
  newsletter: { options: withDefault("boolean", true), initial: true, given: false, bad: { sql: "2", mongodb: '"yes"' } },
  verified: { options: nullable("bool"), given: true, bad: { sql: "2", mongodb: "1" } },
  role: {
    options: withDefault("enum", "member", { enum: ["member", "admin", "owner"] }), initial: "member", given: "admin",
    bad: { sql: "'king'", mongodb: '"king"' },
  },
  plan: {
    options: nullable("simple-enum", { enum: ["free", "so so"] }), given: "so so", bad: { sql: "'paid'", mongodb: '"paid"' },
  },
  tags: {
    options: withDefault("text", ["new"], { array: true }), initial: ["new"], given: ["a,b", "c \"d\"", "it's", "é"],
    bad: { sql: `'{"a": 1}'`, mongodb: '"new"' },
  },
  scores: { options: nullable("int", { array: true }), given: [1, -2], bad: { sql: "'1,2'", mongodb: "7" } },
  settings: {
    options: withDefault("jsonb", { theme: "light" }), initial: { theme: "light" }, given: { theme: "it's \"dark\"", panels: [1, null] },
    bad: { sql: `'{"a":'` },
  },
  extra: { options: nullable("json"), given: { a: [1, { b: null }] }, bad: { sql: "'no json'" } },
  profile: { options: nullable("simple-json"), given: { bio: "it's me" } },
  badges: { options: nullable("simple-array"), given: ["gold", "it's"] },
  publicId: { options: { type: "uuid", generated: "uuid" }, given: "0b5e0b5e-0000-4000-8000-0b5e0b5e0b5e", generated: true },
  teamId: {
    options: nullable("uuid"), given: "0b5e0b5e-0000-4000-8000-0b5e0b5e0b5f", bad: { sql: `'${"x".repeat(36)}'`, mongodb: "7" },
  },
  lastSeen: {
    options: { type: "timestamptz", defaultExpression: "now()" }, given: new Date("2020-02-29T12:00:00.123Z"), generated: true,
    bad: { mongodb: '"yesterday"' },
  },
  trialEnds: { options: nullable("timestamptz", { precision: 3 }), given: new Date("2030-07-01T23:30:00.456Z"), bad: { mongodb: "7" } },
  birthday: { options: nullable("date"), given: "1815-12-10" },
  wakesAt: { options: nullable("time"), given: "06:30:00" },
  avatar: { options: nullable("bytea"), given: Buffer.from([0, 1, 127, 128, 255]) },
  address: { options: nullable("inet"), given: "10.1.2.3" },
  handle: { options: nullable("varchar", { length: 30, unique: true }), given: "ada" },
};

/** What `richUser` has for the whole model: an index of each kind, and checks that every engine can hold. */
export const richOptions = {
  indices: [{ columns: ["nickName", "age"] }, { columns: ["teamId"], unique: true }],
  checks: [{ expression: "age >= 0" }, { expression: "points <> 666" }],
};

/** More than MySQL has room for, in an index and in a row. */
const names = (prefix, count) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
export const wideUser = {
  longName: { options: nullable("varchar", { length: 1000, unique: true }) },
  ...Object.fromEntries(names("plain", 70).map((name) => [name, { options: nullable("varchar") }])),
  ...Object.fromEntries(names("long", 6).map((name) => [name, { options: nullable("varchar", { length: 4000 }) }])),
};
export const wideOptions = { indices: [{ columns: names("plain", 4), name: "wide" }] };

export const optionsOf = (properties) => Object.entries(properties).map(([property, { options }]) => ({ property, ...options }));
export const valuesOf = (properties) => Object.fromEntries(Object.entries(properties).map(([property, { given }]) => [property, given]));

/** What an engine's driver gives for what was written. */
export const readOn = (engine, property) => (engine.name in property ? property[engine.name] : property.given);

/** A value for comparing: drivers have several classes for bytes. */
export const comparable = (value) => (value instanceof Uint8Array ? Buffer.from(value) : value?.buffer instanceof Uint8Array ? Buffer.from(value.buffer) : value);
