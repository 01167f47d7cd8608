// What the extension costs beside what it replaces: medians of runs that alternate between the two, on one connection.
import { createRequire } from "node:module";

const require = createRequire(new URL("../adapters/package.json", import.meta.url));
const pg = require("pg");
const { createConnection, EntitySchema } = require("typeorm");

const { PGHOST: host, PGUSER: user } = process.env;
const ROWS = 1_000_000;
const ROUNDS = 101;

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

/** Medians of two pieces of work, run in turn. */
async function sideBySide(rounds, one, other) {
  const times = [[], []];
  for (let i = -5; i < rounds; i++) {
    const round = [await one(), await other()];
    if (i >= 0) round.forEach((time, k) => times[k].push(time)); // the first rounds warm up
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

/** The time of one statement, the effect of which is undone. */
async function undone(text, values) {
  await db.query("BEGIN");
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
    const times = await sideBySide(ROUNDS, () => undone(alter(names)), () => undone(extend, [definition(names)]));
    print(`ALTER TABLE / extend_model: ${names.length} column${names.length > 1 ? "s" : ""}, ${rows} rows`, times);
  }
}

const before = await fileOf();
const once = await milliseconds(() => db.query(extend, [definition(properties)]));
const after = await fileOf();
console.log(`extend_model with 20 columns, committed, on ${ROWS} rows: ${once.toFixed(2)} ms, the table was ${before === after ? "not rewritten" : "REWRITTEN"}.`);

// ---- entity_schemas() beside the queries by which TypeORM reads the same ------------------------------------------
const { rows: [{ schemas }] } = await db.query("SELECT nextauth.entity_schemas() AS schemas");
const typeorm = await createConnection({
  type: "postgres", host, username: user, database: "bench", installExtensions: false,
  entities: Object.values(schemas).map((schema) => new EntitySchema(schema)),
});
const runner = typeorm.createQueryRunner();
const paths = typeorm.entityMetadatas.map(({ tablePath }) => tablePath);

print("TypeORM's queries / entity_schemas(): 4 models, 20 custom columns", await sideBySide(ROUNDS,
  () => milliseconds(() => runner.getTables(paths)),
  () => milliseconds(() => db.query("SELECT nextauth.entity_schemas()"))));

print("TypeORM synchronize / extend_model: nothing to do, 20 columns", await sideBySide(21,
  () => milliseconds(() => typeorm.synchronize()),
  () => milliseconds(() => db.query(extend, [definition(properties)]))));

await runner.release();
await typeorm.close();

// ---- DDL of other tables, in a database without the extension and in this one --------------------------------------
await server.query("CREATE DATABASE bench_without");
const without = await connect("bench_without");
const TABLES = 10_000;
const BATCH = 20;

/** Milliseconds per statement: batches of statements, one after another, in turn without and with the event triggers. */
async function ddl(what, statement, batches = TABLES / BATCH) {
  const batch = (client, i) => milliseconds(async () => {
    await client.query("BEGIN");
    for (let n = i * BATCH; n < (i + 1) * BATCH; n++) await client.query(statement(n));
    await client.query("COMMIT");
  });
  const times = [[], []];
  for (let i = 0; i < batches; i++) {
    const clients = [without, db];
    for (const k of i % 2 ? [0, 1] : [1, 0]) times[k].push(await batch(clients[k], i) / BATCH);
  }
  print(what, times.map(median));
}

for (const client of [without, db]) await client.query("VACUUM");
await ddl(`CREATE TABLE, each of ${TABLES}`, (n) => `CREATE UNLOGGED TABLE other_${n} (id int)`);
await ddl("ALTER TABLE ADD COLUMN, each of 4000", (n) => `ALTER TABLE other_${n} ADD COLUMN more int`, 200);
await ddl("ALTER TABLE RENAME COLUMN, each of 4000", (n) => `ALTER TABLE other_${n} RENAME COLUMN more TO other`, 200);
await ddl("ALTER TABLE DROP COLUMN, each of 4000", (n) => `ALTER TABLE other_${n} DROP COLUMN other`, 200);
await ddl(`DROP TABLE, each of ${TABLES}`, (n) => `DROP TABLE other_${n}`);

await without.end();
await server.query("DROP DATABASE bench_without");
await db.end();
await server.query("DROP DATABASE bench");
await server.end();
