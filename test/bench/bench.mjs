// What the extension costs beside what it replaces: medians of runs that take turns.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(new URL("../adapters/package.json", import.meta.url));
const pg = require("pg");
const { createConnection, EntitySchema } = require("typeorm");

const { PGHOST: host, PGUSER: user } = process.env;
const ROWS = 1_000_000;
const ROUNDS = 25;
const TURN = 4;

async function connect(database) {
  const client = new pg.Client({ host, user, database });
  await client.connect();
  return client;
}

async function milliseconds(work) {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

/** Medians of pieces of work that take turns of several runs; the first of a turn, after the others' work, warms up. */
async function sideBySide(...works) {
  const times = works.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [k, work] of works.entries()) {
      for (let run = 0; run <= TURN; run++) {
        const time = await work();
        if (round > 0 && run > 0) times[k].push(time);
      }
    }
  }
  return times.map(median);
}

const print = (what, [base, ours]) =>
  console.log(what.padEnd(62), base.toFixed(3).padStart(9), ours.toFixed(3).padStart(9),
    (ours / base).toFixed(2).padStart(7), (ours - base).toFixed(3).padStart(8));

const server = await connect("postgres");
await server.query("CREATE DATABASE bench");
const db = await connect("bench");
await db.query("CREATE EXTENSION nextauth");

console.log("Milliseconds (median)".padEnd(62), "without".padStart(9), "with".padStart(9), "ratio".padStart(7), "more".padStart(8));

// ---- extend_model() beside the bare ALTER TABLE -------------------------------------------------------------------
const properties = Array.from({ length: 20 }, (_, i) => `property${i + 1}`);
const definition = (names) => JSON.stringify(names.map((property) => ({ property, type: "varchar", nullable: true })));
const alter = (names) => `ALTER TABLE nextauth.users ${names.map((name) => `ADD ${name} character varying`).join(", ")}`;

let begin = "BEGIN";

/** The time of one statement, the effect of which is undone. */
async function undone(text, values) {
  await db.query(begin);
  const time = await milliseconds(() => db.query(text, values));
  await db.query("ROLLBACK");
  return time;
}

const extend = "SELECT * FROM nextauth.extend_model('User', $1)";
const fileOf = async () => (await db.query("SELECT pg_relation_filenode('nextauth.users') AS file")).rows[0].file;

for (const rows of [0, ROWS]) {
  if (rows > 0) {
    await db.query("INSERT INTO nextauth.users (name, email) SELECT 'user ' || i, i || '@example.com' FROM generate_series(1, $1::int) i", [rows]);
  }
  for (const names of [properties.slice(0, 1), properties]) {
    await db.query("VACUUM"); // what is undone leaves dead rows in PostgreSQL's catalog
    const times = await sideBySide(() => undone(alter(names)), () => undone(extend, [definition(names)]));
    print(`ALTER TABLE / extend_model: ${names.length} column${names.length > 1 ? "s" : ""}, ${rows} rows`, times);
  }
}

// Other changes, and for whom: the tables' owner, or a superuser who does it for the owner
const detail = (options) => JSON.stringify({ detail: { type: "varchar", nullable: true, ...options } });
await db.query(extend, [detail({})]);
const changes = [
  ["type", "ALTER TABLE nextauth.users ALTER detail TYPE text", { type: "text" }],
  ["default", "ALTER TABLE nextauth.users ALTER detail SET DEFAULT 'x'", { default: "x" }],
  ["comment", "COMMENT ON COLUMN nextauth.users.detail IS 'x'", { comment: "x" }],
];
begin = "BEGIN; SET LOCAL nextauth.protect_columns = off";
await db.query(`CREATE ROLE bench_owner; GRANT USAGE, CREATE ON SCHEMA nextauth TO bench_owner;
  ALTER TABLE nextauth.users OWNER TO bench_owner; ALTER TABLE nextauth.accounts OWNER TO bench_owner;
  ALTER TABLE nextauth.sessions OWNER TO bench_owner; ALTER TABLE nextauth.verification_requests OWNER TO bench_owner`);
for (const [who, role] of [["the owner", "bench_owner"], ["a superuser", "NONE"]]) {
  await db.query("VACUUM");
  await db.query(`SET ROLE ${role}`);
  print(`ALTER TABLE / extend_model: 20 columns, by ${who}`,
    await sideBySide(() => undone(alter(properties)), () => undone(extend, [definition(properties)])));
  for (const [what, statement, options] of changes) {
    print(`ALTER TABLE / extend_model: ${what}, by ${who}`,
      await sideBySide(() => undone(statement), () => undone(extend, [detail(options)])));
  }
}
begin = "BEGIN";
await db.query("RESET ROLE; SELECT nextauth.drop_properties('User', 'detail')");

const before = await fileOf();
const once = await milliseconds(() => db.query(extend, [definition(properties)]));
const after = await fileOf();
console.log(`extend_model with 20 columns, committed, on ${ROWS} rows: ${once.toFixed(2)} ms, the table was ${before === after ? "not rewritten" : "REWRITTEN"}.`);

// ---- A start with nothing to do: TypeORM, a check by hand, and the extension --------------------------------------
const CUSTOM = [
  ["firstName lastName nickname jobTitle department", { type: "varchar", nullable: true }],
  ["phoneNumber street city postalCode company", { type: "varchar", length: 120, default: "" }],
  ["biography notes signature website headline", { type: "text", nullable: true, comment: "As the user wrote it" }],
  ["loginCount failedLogins points level avatarVersion", { type: "int", default: 0 }],
  ["isActive isAdmin newsletter twoFactor termsAccepted", { type: "boolean", default: false }],
  ["lastLogin lastSeen memberSince passwordChangedAt consentedAt", { type: "timestamp", defaultExpression: "now()" }],
  ["balance creditLimit discount taxRate hourlyRate", { type: "numeric", precision: 12, scale: 2, default: 0 }],
  ["role status plan theme visibility", { type: "enum", enum: ["low", "normal", "high"], default: "normal" }],
  ["tags interests languages skills permissions", { type: "varchar", array: true, default: ["new", "open"] }],
  ["username handle customerNumber referralCode externalId", { type: "varchar", length: 40, unique: true, nullable: true }],
].flatMap(([names, options]) => names.split(" ").map((property) => ({ property, ...options })));
const what = `nothing to do, ${CUSTOM.length} columns`;

await server.query("CREATE DATABASE bench_models");
const models = await connect("bench_models");
await models.query("CREATE EXTENSION nextauth");
await models.query(extend, [JSON.stringify(CUSTOM)]);

const { rows: [{ schemas }] } = await models.query("SELECT nextauth.entity_schemas() AS schemas");
for (const { columns } of Object.values(schemas)) {
  for (const column of Object.values(columns)) if (column.defaultExpression) column.default = () => column.defaultExpression;
}
const typeorm = await createConnection({
  type: "postgres", host, username: user, database: "bench_models", installExtensions: false,
  entities: Object.values(schemas).map((schema) => new EntitySchema(schema)),
});
const runner = typeorm.createQueryRunner();
const paths = typeorm.entityMetadatas.map(({ tablePath }) => tablePath);
const tables = typeorm.entityMetadatas.map(({ tableName }) => tableName);

/** What a migration by hand reads before it decides. */
async function readInformationSchema() {
  await models.query(`SELECT table_name, column_name, data_type, udt_name, character_maximum_length, numeric_precision, numeric_scale,
    datetime_precision, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'nextauth' AND table_name = ANY ($1)`, [tables]);
  await models.query(`SELECT table_name, constraint_name, constraint_type, column_name
    FROM information_schema.table_constraints
    JOIN information_schema.key_column_usage USING (constraint_schema, constraint_name, table_schema, table_name)
    WHERE table_schema = 'nextauth' AND table_name = ANY ($1)`, [tables]);
}

const extendUnchanged = () => models.query(extend, [JSON.stringify(CUSTOM)]);

assert.deepEqual((await typeorm.driver.createSchemaBuilder().log()).upQueries, []);
assert.ok((await extendUnchanged()).rows.every(({ action }) => action === "unchanged"));

print(`TypeORM's queries / entity_schemas(): ${CUSTOM.length} columns`, await sideBySide(
  () => milliseconds(() => runner.getTables(paths)),
  () => milliseconds(() => models.query("SELECT nextauth.entity_schemas()"))));

const [synchronize, byHand, unchanged] = await sideBySide(
  () => milliseconds(() => typeorm.synchronize()),
  () => milliseconds(readInformationSchema),
  () => milliseconds(extendUnchanged));
print(`TypeORM synchronize / extend_model: ${what}`, [synchronize, unchanged]);
print(`information_schema / extend_model: ${what}`, [byHand, unchanged]);
const times = (base) => `${(base / unchanged).toFixed(1)} times as fast as`;
console.log(`With nothing to do extend_model is ${times(synchronize)} synchronize, ${times(byHand)} reading information_schema.`);

await runner.release();
await typeorm.close();
await models.end();
await server.query("DROP DATABASE bench_models");

await db.end();
await server.query("DROP DATABASE bench");
await server.end();
