// How long logins stand still while a model is changed and a reader is in the way: the longest of the look-ups that 200
// clients make, during a bare ALTER TABLE and during extend_model(), which change the same.
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

const require = createRequire(new URL("../adapters/package.json", import.meta.url));
const pg = require("pg");

const { PGHOST: host, PGUSER: user } = process.env;
const CLIENTS = 200;
const THINK = 500; // ms between two look-ups of a client, on average
const READER = 3000; // ms that the reader stays
const ROWS = 10_000;
const TARGET = 100; // ms

async function connect(database) {
  const client = new pg.Client({ host, user, database });
  await client.connect();
  return client;
}

const server = await connect("postgres");
await server.query("CREATE DATABASE stall");
const db = await connect("stall");
await db.query("CREATE EXTENSION nextauth");
await db.query(`SELECT nextauth.extend_model('User', '{"phone": {"type": "varchar", "length": 20, "nullable": true},
  "mobile": {"type": "varchar", "length": 20, "nullable": true}}')`);
await db.query(`INSERT INTO nextauth.users (name, email, phone)
  SELECT 'user ' || i, i || '@example.com', i FROM generate_series(1, ${ROWS}) i`);
await db.query(`INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token)
  SELECT i, 'infinity', 'session ' || i, 'access ' || i FROM generate_series(1, ${ROWS}) i`);
await db.query("VACUUM ANALYZE");
await db.query("CHECKPOINT");

// ---- The load: each client looks a session and its user up, as getSession() does, and thinks ----------------------
const lookUp = {
  name: "session",
  text: `SELECT s.id, s.expires, s.session_token, u.id AS user_id, u.name, u.email, u.image
    FROM nextauth.sessions s JOIN nextauth.users u ON u.id = s.user_id WHERE s.session_token = $1`,
};
let times = [];
let done = false;

async function load() {
  const client = await connect("stall");
  while (!done) {
    await sleep(Math.random() * 2 * THINK);
    const start = performance.now();
    const { rowCount } = await client.query({ ...lookUp, values: [`session ${1 + Math.floor(Math.random() * ROWS)}`] });
    times.push(performance.now() - start);
    if (rowCount !== 1) throw new Error("a session was not found");
  }
  await client.end();
}
const clients = Array.from({ length: CLIENTS }, load);

/** What the look-ups took while the work was done, and those that had to wait for it. */
async function during(work) {
  await sleep(2 * THINK);
  times = [];
  await work();
  await sleep(3 * THINK);
  const sorted = times.sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], p99: sorted[Math.floor(sorted.length * 0.99)], longest: sorted.at(-1) };
}

/** A statement that comes upon a reader in the middle of its transaction. */
function behindReader(text) {
  return during(async () => {
    const reader = await connect("stall");
    await reader.query("BEGIN");
    await reader.query("SELECT count(*) FROM nextauth.users");
    const leave = sleep(READER).then(() => reader.query("COMMIT"));
    await sleep(100);
    await db.query(text);
    await leave;
    await reader.end();
  });
}

const print = (what, { median, p99, longest }) =>
  console.log(what.padEnd(62), median.toFixed(2).padStart(9), p99.toFixed(2).padStart(9), longest.toFixed(1).padStart(9));

console.log(`Milliseconds of a look-up, ${CLIENTS} clients`.padEnd(62), "median".padStart(9), "99 %".padStart(9), "longest".padStart(9));
print("nothing else", await during(() => sleep(READER)));

let missed = false;
for (const [what, alter, property, options] of [
  ["add a column", "ADD nick character varying", "alias", { type: "varchar", nullable: true }],
  ["alter a column", "ALTER phone TYPE text", "mobile", { type: "text", nullable: true }],
]) {
  const bare = await behindReader(`SET LOCAL nextauth.protect_columns = off; ALTER TABLE nextauth.users ${alter}`);
  const ours = await behindReader(`SELECT nextauth.extend_model('User', '${JSON.stringify({ [property]: options })}')`);
  print(`ALTER TABLE behind a reader: ${what}`, bare);
  print(`extend_model behind a reader: ${what}`, ours);
  missed ||= ours.longest > TARGET;
  console.log(`The longest stall is ${(bare.longest / ours.longest).toFixed(0)} times as short.`);
}
if (missed) console.log(`The target, ${TARGET} ms, is missed.`);

done = true;
await Promise.all(clients);
await db.end();
await server.query("DROP DATABASE stall");
await server.end();
