// What other people's DDL pays for the extension's event triggers: the same commands, on tables that are no model's, in
// a database without the extension, in one with event triggers in C that do nothing, on the same events, and in one with
// the extension, its models extended and with an adapter's views.  The three take turns.  What a command costs over idle
// event triggers is told in time of the processor, which other work on the machine changes least.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../adapters/package.json", import.meta.url));
const pg = require("pg");

const { PGHOST: host, PGUSER: user, NOOP: noop } = process.env;
const ROUNDS = 120;
const BATCH = 20; // commands in one message, so that its way to the server and back counts little
const MANY = 100; // objects that one command drops
const TARGET = 0.02; // ms that a command may cost more than with event triggers that do nothing

async function connect(database) {
  const client = new pg.Client({ host, user, database });
  await client.connect();
  return client;
}

const server = await connect("postgres");
const names = ["bench_without", "bench_noop", "bench_with"];
await server.query("CREATE DATABASE bench_without");
await server.query("CREATE DATABASE bench_with");
const setup = await connect("bench_with");
await setup.query("CREATE EXTENSION nextauth");
await setup.query("SELECT nextauth.extend_model(model, $1::jsonb) FROM nextauth.models", [JSON.stringify(
  Array.from({ length: 10 }, (_, i) => ({ property: `property${i + 1}`, type: "varchar", nullable: true })))]);
await setup.query("SELECT nextauth.add_adapter('pg')");
await setup.end();

// Whatever else the one with the extension has, that with the idle triggers has, too
await server.query("CREATE DATABASE bench_noop TEMPLATE bench_with");
const databases = await Promise.all(names.map(connect));
const [without, idle] = databases;
await without.query("CREATE SCHEMA nextauth");
await idle.query(`CREATE FUNCTION noop() RETURNS event_trigger AS '${noop}' LANGUAGE C`);
const { rows: triggers } = await idle.query(`
  SELECT format('ALTER EVENT TRIGGER %1$I DISABLE; CREATE EVENT TRIGGER %2$I ON %3$s %4$s EXECUTE FUNCTION noop()',
                evtname, 'noop_' || evtevent, evtevent,
                'WHEN TAG IN (' || (SELECT string_agg(quote_literal(tag), ', ') FROM unnest(evttags) tag) || ')') AS statements
    FROM pg_event_trigger`);
for (const { statements } of triggers) await idle.query(statements);

// ---- The commands, in an order in which each finds what it needs; the k-th of a batch is about the k-th object -----
const many = (text) => Array.from({ length: MANY }, (_, i) => text(i));
const commands = [
  ["CREATE TABLE", (k) => `CREATE TABLE other_${k} (id int, name int, note int)`],
  ["ALTER TABLE ADD COLUMN", (k) => `ALTER TABLE other_${k} ADD COLUMN more int`],
  ["ALTER TABLE RENAME COLUMN", (k) => `ALTER TABLE other_${k} RENAME COLUMN name TO label`],
  ["ALTER TABLE ALTER COLUMN TYPE", (k) => `ALTER TABLE other_${k} ALTER COLUMN note TYPE oid`],
  ["ALTER TABLE RENAME", (k) => `ALTER TABLE other_${k} RENAME TO another_${k}`],
  ["ALTER TABLE DROP COLUMN", (k) => `ALTER TABLE another_${k} DROP COLUMN more`],
  ["CREATE INDEX", (k) => `CREATE INDEX another_${k}_label ON another_${k} (label)`],
  ["DROP INDEX", (k) => `DROP INDEX another_${k}_label`],
  ["CREATE VIEW", (k) => `CREATE VIEW shown_${k} AS SELECT id, label FROM another_${k}`],
  ["ALTER VIEW RENAME COLUMN", (k) => `ALTER VIEW shown_${k} RENAME COLUMN label TO name`],
  ["DROP VIEW", (k) => `DROP VIEW shown_${k}`],
  ["CREATE FUNCTION", (k) => `CREATE FUNCTION f_${k}() RETURNS int LANGUAGE sql AS 'SELECT 1'`],
  ["DROP FUNCTION", (k) => `DROP FUNCTION f_${k}()`],
  ["DROP TABLE", (k) => `DROP TABLE another_${k}`],
  ["CREATE TABLE in schema nextauth", (k) => `CREATE TABLE nextauth.other_${k} (id int)`],
  ["DROP TABLE in schema nextauth", (k) => `DROP TABLE nextauth.other_${k}`],
  ["CREATE SCHEMA", (k) => `CREATE SCHEMA app_${k}`],
  ["ALTER SCHEMA RENAME", (k) => `ALTER SCHEMA app_${k} RENAME TO apps_${k}`],
  ["DROP SCHEMA", (k) => `DROP SCHEMA apps_${k}`],
  [null, (k) => `CREATE TYPE kind_${k} AS ENUM ('a'); CREATE TABLE kinds_${k} (id int, kind kind_${k})`],
  ["DROP TYPE CASCADE, and a column with it", (k) => `DROP TYPE kind_${k} CASCADE`],
  [null, (k) => `DROP TABLE kinds_${k}`],
  [null, () => many((i) => `CREATE TABLE many_${i} (id int)`).join("; "), 1],
  [`DROP TABLE of ${MANY}`, () => `DROP TABLE ${many((i) => `many_${i}`).join(", ")}`, 1],
  [null, () => `CREATE SCHEMA many; ${many((i) => `CREATE TABLE many.t_${i} (id int)`).join("; ")}`, 1],
  [`DROP SCHEMA CASCADE, ${MANY} tables in it`, () => "DROP SCHEMA many CASCADE", 1],
];

const quantile = (numbers, part) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length * part)];

/** Nanoseconds that the server's process has run. */
const processorTime = ({ processID }) => Number(readFileSync(`/proc/${processID}/schedstat`, "utf8").split(" ")[0]);

/** The milliseconds that each command of a batch takes, of the clock and of the processor. */
async function run(client, command, batch) {
  const text = Array.from({ length: batch }, (_, k) => command(k)).join("; ");
  const start = [Number(process.hrtime.bigint()), processorTime(client)];
  await client.query(text);
  return [Number(process.hrtime.bigint()) - start[0], processorTime(client) - start[1]].map((time) => time / 1e6 / batch);
}

const times = commands.map(() => databases.map(() => []));
for (const client of databases) await client.query("SET client_min_messages = warning");
for (let round = 0; round < ROUNDS; round++) {
  // What was dropped leaves dead rows in PostgreSQL's catalog
  if (round % 20 === 0) for (const client of databases) await client.query("VACUUM");
  for (const [c, [, command, batch = BATCH]] of commands.entries()) {
    for (let turn = 0; turn < databases.length; turn++) {
      const k = (round + turn) % databases.length;
      const time = await run(databases[k], command, batch);
      if (round > 0) times[c][k].push(time);
    }
  }
}

console.log("Other people's DDL, milliseconds (median)".padEnd(44),
  ...["without", "no-op", "with", "ratio", "over no-op"].map((title) => title.padStart(10)));
for (const [c, [what]] of commands.entries()) {
  if (what === null) continue;
  const [bare, still, guarded] = times[c].map((list) => quantile(list.map(([clock]) => clock), 0.5));
  const more = times[c][2].map(([, processor], round) => processor - times[c][1][round][1]);
  // Three of four rounds have to say so: commands of many milliseconds differ by more from one time to the next
  console.log(what.padEnd(44), ...[bare, still, guarded].map((time) => time.toFixed(3).padStart(10)),
    (guarded / bare).toFixed(2).padStart(10), quantile(more, 0.5).toFixed(3).padStart(10),
    quantile(more, 0.25) > TARGET ? `  more than ${TARGET}` : "");
}

for (const client of databases) await client.end();
for (const name of names) await server.query(`DROP DATABASE ${name}`);
await server.end();
