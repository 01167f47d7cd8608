// The statements that describe_model() prints make the tables that TypeORM would make of entity_schemas(): its schema diff is
// empty, for whole models, for every spelling of a type, and for every kind of default.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { withDatabase } from "../adapters/helpers/database.mjs";
import { createModels, extend, schemasFor, statementsFor } from "./helpers/catalog.mjs";
import { sqlEngines, testEach } from "./helpers/engines.mjs";
import { schemaDiff, withTypeORM } from "./helpers/typeorm.mjs";
import { optionsOf, richOptions, richUser, tutorialUser, wideOptions, wideUser } from "./helpers/users.mjs";

const diffOf = (database, schemas) => withTypeORM(database.connection, schemas, schemaDiff);

for (const [title, properties, options] of [
  ["the built-in models", {}],
  ["the tutorial's User", tutorialUser],
  ["a User of 30 columns", richUser, richOptions],
  ["a User that takes much room", wideUser, wideOptions],
]) {
  testEach(title, sqlEngines, async (t, engine) =>
    withDatabase(async ({ owner }) => {
      await extend(owner, optionsOf(properties), options);
      const schemas = await schemasFor(owner, engine);
      assert.notDeepEqual(await diffOf(await engine.createDatabase(), schemas), [], "in an empty database");

      const database = await createModels(owner, engine);
      assert.deepEqual(await diffOf(database, schemas), []);
      for (const property of Object.keys(properties)) assert.ok(property in schemas.User.columns, property);
      // Whoever sets `synchronize` loses nothing, either.
      await database.client("INSERT INTO users (email) VALUES ('ada@example.com');");
      await withTypeORM(database.connection, schemas, (connection) => connection.synchronize());
      assert.deepEqual((await database.exportRows("users")).map(({ email }) => email), ["ada@example.com"]);
    }));
}

/** Every type that extend_model() takes and a PostgreSQL without other packages has, in every spelling, alone and as an array. */
function everySpelling() {
  const source = readFileSync(new URL("../../src/model/type_table.c", import.meta.url), "utf8");
  const elsewhere = ["postgis", "vector"];
  const rows = source.split("type_table[] =")[1].split(/\.name = /).filter((row) => !elsewhere.some((name) => row.includes(`.extension = "${name}"`)));
  const types = rows.flatMap((row) => [...(/\.spellings = \{([^}]*)\}/.exec(row)?.[1] ?? "").matchAll(/"([^"]+)"/g)]);
  assert.ok(types.length > 70);
  const labels = (type) => (type.endsWith("enum") ? { enum: ["first", "so so"] } : {});
  return types.flatMap(([, type], n) => [
    { property: `type${n}`, type, nullable: true, ...labels(type) },
    ...(/^(simple-.*|enum)$/.test(type) ? [] : [{ property: `types${n}`, type, nullable: true, array: true }]),
  ]);
}

/** Options besides the type, and what makes a default or its type special. */
const everyDefault = [
  { type: "varchar", default: "plain" }, { type: "varchar", default: "" }, { type: "varchar", default: "it's \"quoted\" \\ `so`" },
  { type: "varchar", default: "007" }, { type: "varchar", default: "now()" }, { type: "varchar", default: "two\nlines" },
  { type: "varchar", default: "日本語 😀" }, { type: "varchar", length: 20, default: "10" }, { type: "char", length: 3, default: "abc" },
  { type: "text", default: "it's" }, { type: "text", default: "plain" }, { type: "citext", default: "Plain" },
  { type: "int", default: 7 }, { type: "int", default: -7 }, { type: "smallint", default: 0 }, { type: "bigint", default: 7 },
  { type: "bigint", default: "9007199254740993" }, { type: "numeric", precision: 12, scale: 2, default: 1.5 },
  { type: "numeric", default: 7 }, { type: "numeric", precision: 10, default: 7 }, { type: "real", default: 0.5 },
  { type: "double precision", default: 0.5 }, { type: "float", default: 7 }, { type: "boolean", default: true }, { type: "bool", default: false },
  { type: "enum", enum: ["a", "so so"], default: "so so" }, { type: "simple-enum", enum: ["a", "b"], default: "a" },
  { type: "json", default: { a: 1 } }, { type: "jsonb", default: { a: "it's \"b\"" } }, { type: "jsonb", default: [] },
  { type: "text", array: true, default: ["new", "it's"] }, { type: "int", array: true, default: [] },
  { type: "simple-array", default: "a,b" }, { type: "simple-json", default: "{\"a\": 1}" },
  { type: "uuid", default: "00000000-0000-4000-8000-000000000000" }, { type: "uuid", defaultExpression: "gen_random_uuid()" },
  { type: "uuid", generated: "uuid" }, { type: "inet", default: "10.1.2.3" }, { type: "bytea", default: "\\x6162" },
  { type: "timestamptz", defaultExpression: "now()" }, { type: "timestamptz", defaultExpression: "CURRENT_TIMESTAMP" },
  { type: "timestamptz", precision: 0, defaultExpression: "now()" }, { type: "timestamptz", default: "2020-02-29 12:00:00+00" },
  { type: "timestamptz", defaultExpression: "now() + interval '1 day'" }, { type: "timestamp without time zone", default: "2020-02-29 12:00:00" },
  { type: "date", default: "2020-02-29" }, { type: "date", defaultExpression: "CURRENT_DATE" }, { type: "time", default: "12:34:56" },
  { type: "timestamptz", createDate: true }, { type: "timestamptz", updateDate: true }, { type: "timestamptz", deleteDate: true, nullable: true },
  { type: "int", version: true }, { type: "varchar", defaultExpression: "lower('X')" },
  { type: "int", generated: "increment" }, { type: "int", generated: "identity" },
  { type: "varchar", nullable: true, unique: true }, { type: "text", nullable: true, unique: true },
  { type: "varchar", nullable: true, collation: "C" }, { type: "varchar", nullable: true, comment: "it's \"so\"\n-- */ `x`" },
  { type: "varchar", nullable: true, asExpression: "lower(email)", generatedType: "STORED" },
  { type: "varchar", nullable: true, select: false }, { type: "varchar", nullable: true, name: "Owner's `Nick` \"Name\"" },
  { type: "int", nullable: true, foreignKey: { target: "User", onDelete: "SET NULL" } },
  { type: "int", nullable: true, foreignKey: { target: "Account", onDelete: "CASCADE", deferrable: "INITIALLY DEFERRED" } },
].map((options, n) => ({ property: `case${n}`, ...options }));

const isAbout = ({ property }) => new RegExp(`(?<![A-Za-z0-9])${property}(?![0-9])`, "i");

for (const [title, columns] of [["every spelling of a type", everySpelling()], ["every default and option", everyDefault]]) {
  testEach(title, sqlEngines, async (t, engine) =>
    withDatabase(async ({ admin, owner }) => {
      for (const extension of ["citext", "cube", "hstore", "ltree"]) await admin.query(`CREATE EXTENSION ${extension} SCHEMA public`);
      await extend(owner, columns);
      const schemas = await schemasFor(owner, engine);
      const statements = await statementsFor(owner, engine);
      const database = await engine.createDatabase();
      await database.client(statements);
      const comments = statements.split("\n").filter((line) => line.startsWith("--")).join("\n");

      const queries = await diffOf(database, schemas);
      for (const column of columns) {
        const mentions = (query) => isAbout(column).test(query) || (column.name && query.includes(column.name));
        await t.test(JSON.stringify(column), () => {
          // What it cannot hold is left out, and said to be.
          if (!(column.property in schemas.User.columns)) assert.match(comments, isAbout(column));
          assert.deepEqual(queries.filter(mentions), []);
        });
      }
      await t.test("no other difference", () =>
        assert.deepEqual(queries.filter((query) => !columns.some((column) => isAbout(column).test(query))), []));
    }));
}

/** The last two cover some rows only, which MySQL and MariaDB cannot. */
const indices = [
  { columns: ["nickName"] }, { columns: ["nickName", "age"] }, { columns: ["age"], unique: true }, { name: "byName", columns: ["name"] },
  { columns: ["nickName"], where: "age > 18" }, { columns: ["nickName"], unique: true, where: "age = 21" },
];

testEach("indices, uniques and checks", sqlEngines, async (t, engine) =>
  withDatabase(async ({ owner }) => {
    await extend(owner, [{ property: "nickName", type: "varchar", nullable: true }, { property: "age", type: "int", nullable: true }], {
      indices, uniques: [{ columns: ["nickName", "name"] }, { columns: ["name", "age"], deferrable: "INITIALLY DEFERRED" }],
      checks: [{ expression: "age >= 0" }, { expression: "nick_name ~ '^[a-z]'" }, { name: "adults", expression: "age IS NULL OR age IN (18, 21)" }],
    });
    const database = await createModels(owner, engine);
    assert.deepEqual(await diffOf(database, await schemasFor(owner, engine)), []);

    const insert = (nickName, age) => database.client(`INSERT INTO users (nick_name, age) VALUES ('${nickName}', ${age});`);
    await insert("ada", 18);
    await assert.rejects(insert("bob", 17), "a check");
    await assert.rejects(insert("cyd", 18), "a unique index");
    await insert("ada", "NULL"); // the index of some rows is not one of all
  }));
