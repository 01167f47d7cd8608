// How long a look-up of a session stands still while expired sessions are deleted: the longest of the look-ups that
// clients make without purge_expired(), and during it, with an index on the time and without.  ROWS says how many
// sessions have expired.
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

const require = createRequire(new URL("../adapters/package.json", import.meta.url));
const pg = require("pg");

const { PGHOST: host, PGUSER: user } = process.env;
const ROWS = Number(process.env.ROWS ?? 10_000_000);
const LIVE = Math.ceil(ROWS / 10);
const CLIENTS = 4;
const THINK = 4; // ms between two look-ups of a client, on average
const QUIET = 60_000; // ms without a purge
const TARGET = 20; // ms

async function connect(database) {
  const client = new pg.Client({ host, user, database });
  await client.connect();
  return client;
}

const server = await connect("postgres");
await server.query("CREATE DATABASE bench_purge");
const db = await connect("bench_purge");
await db.query("CREATE EXTENSION nextauth");
await db.query(`INSERT INTO nextauth.users (id, email)
  SELECT 'user ' || i, i || '@example.com' FROM generate_series(1, 10000) i`);

/** Expired sessions, and among them live ones.  The keys are made afterwards, which is faster. */
async function fill() {
  await db.query("TRUNCATE nextauth.sessions");
  const { rows: keys } = await db.query(`SELECT quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE conrelid = 'nextauth.sessions'::regclass AND contype IN ('p', 'u')`);
  const drops = keys.map(({ name }) => `DROP CONSTRAINT ${name}`);
  const adds = keys.map(({ name, definition }) => `ADD CONSTRAINT ${name} ${definition}`);
  await db.query("SET maintenance_work_mem = '512MB'");
  await db.query(`ALTER TABLE nextauth.sessions DISABLE TRIGGER USER, ${drops}`);
  await db.query(`INSERT INTO nextauth.sessions (id, user_id, expires, session_token, access_token)
    SELECT gen_random_uuid(), 'user ' || 1 + i % 10000,
      now() + CASE WHEN i % 11 = 0 THEN interval '1 day' ELSE -interval '1 second' END * (1 + i % 1000000),
      md5(i::text), md5(i || 'access') FROM generate_series(0, ${ROWS + LIVE - 1}) i`);
  await db.query(`ALTER TABLE nextauth.sessions ENABLE TRIGGER USER, ${adds}`);
  await db.query("VACUUM ANALYZE nextauth.sessions");
  await db.query("CHECKPOINT");
}

// ---- The load: each client looks a live session and its user up, and thinks ----------------------------------------
const lookUp = {
  name: "session",
  text: `SELECT s.id, s.expires, s.session_token, u.id AS user_id, u.name, u.email, u.image
    FROM nextauth.sessions s JOIN nextauth.users u ON u.id = s.user_id
    WHERE s.session_token = md5($1::text) AND s.expires > now()`,
};
let times = [];
let done = false;

async function load() {
  const client = await connect("bench_purge");
  while (!done) {
    await sleep(Math.random() * 2 * THINK);
    const start = performance.now();
    const { rowCount } = await client.query({ ...lookUp, values: [String(11 * Math.floor(Math.random() * LIVE))] });
    times.push(performance.now() - start);
    if (rowCount !== 1) throw new Error("a live session was not found");
  }
  await client.end();
}

/** What the look-ups took while the work was done.  Those before it, which warm the caches, do not count. */
async function during(work) {
  done = false;
  const clients = Array.from({ length: CLIENTS }, load);
  await sleep(5000);
  times = [];
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const sorted = [...times].sort((a, b) => a - b);
  done = true;
  await Promise.all(clients);
  const at = (part) => sorted[Math.floor((sorted.length - 1) * part)];
  return { seconds, count: sorted.length, median: at(0.5), p999: at(0.999), longest: at(1) };
}

const print = (what, figures) => console.log(what.padEnd(44), ...figures.map((figure) => String(figure).padStart(10)));
print(`Look-ups by ${CLIENTS} clients, ${ROWS} expired rows`, ["seconds", "look-ups", "median ms", "99.9 %", "longest"]);
const show = (what, { seconds, count, median, p999, longest }) =>
  print(what, [seconds.toFixed(0), count, median.toFixed(2), p999.toFixed(2), longest.toFixed(1)]);

await fill();
show("nothing else", await during(() => sleep(QUIET)));
const purge = await during(() => db.query("CALL nextauth.purge_expired()"));
show("CALL purge_expired()", purge);
const left = async () => Number((await db.query("SELECT count(*) FROM nextauth.sessions")).rows[0].count);
if ((await left()) !== LIVE) throw new Error("purge_expired() left other rows than the live ones");

await fill();
await db.query(`SET nextauth.max_scan_rows = ${2 * (ROWS + LIVE)}`);
await db.query(`SELECT nextauth.extend_model('Session', '{}', '{"indices": [{"columns": ["expires"]}]}')`);
await db.query("CHECKPOINT");
show("CALL purge_expired(), with an index", await during(() => db.query("CALL nextauth.purge_expired()")));
show("the same again: nothing has expired", await during(() => db.query("CALL nextauth.purge_expired()")));
if (purge.longest > TARGET) console.log(`The target, ${TARGET} ms, is missed.`);

await db.end();
await server.query("DROP DATABASE bench_purge");
await server.end();
