// Each adapter's getSessionAndUser through the extension's views, beside the same adapter on tables of its own, as its library makes
// them, and on ones with an index on the user's id, too, as the extension has it (without one, who is deleted is looked for in all
// sessions; with one, PostgreSQL has more joins to plan): medians of calls that take turns, on the same rows, from one process.
import { createRequire } from "node:module";
import { ownTables } from "../adapters/authjs/helpers/own-tables.mjs";

const require = createRequire(new URL("../adapters/authjs/package.json", import.meta.url));
const pg = require("pg");

const { PGHOST: host, PGUSER: user } = process.env;
const database = "bench_adapters";
const SESSIONS = 20_000;
const ROUNDS = 60;
const TURN = 20;

const server = new pg.Client({ host, user, database: "postgres" });
await server.connect();
await server.query(`CREATE DATABASE ${database}`);
const db = new pg.Client({ host, user, database });
await db.connect();
await db.query("SET nextauth.id_type = text; CREATE EXTENSION nextauth");
for (const adapter of Object.keys(ownTables)) await db.query("SELECT nextauth.add_adapter($1)", [adapter]);
await db.query(`
  INSERT INTO nextauth.users (name, email, email_verified) SELECT 'User ' || i, i || '@example.com', now() FROM generate_series(1, $1::int) i`, [SESSIONS]);
await db.query(`
  INSERT INTO nextauth.sessions (user_id, expires, session_token)
  SELECT id, now() + '30 days', md5(id) FROM nextauth.users`);

/** Makes the adapter's own tables in a schema, with an index on the user's id or as they are, and copies what the views show. */
async function makeOwn(name, schema, views, indexed) {
  const { users, sessions, make } = ownTables[name];
  await db.query(`CREATE SCHEMA ${schema}`);
  if (typeof make === "string") await db.query(`SET search_path = ${schema}; ${make}; RESET search_path`);
  else await make({ host, user, database }, schema);
  for (const table of [users, sessions]) {
    const { rows } = await db.query(`
      SELECT string_agg(quote_ident(o.attname), ', ') AS columns,
             string_agg(quote_ident(o.attname) || '::' || format_type(o.atttypid, o.atttypmod), ', ') AS casts
        FROM pg_attribute o JOIN pg_attribute v USING (attname)
       WHERE o.attrelid = $1::regclass AND v.attrelid = $2::regclass AND o.attnum > 0`, [`${schema}.${table}`, `${views}.${table}`]);
    await db.query(`INSERT INTO ${schema}.${table} (${rows[0].columns}) SELECT ${rows[0].casts} FROM ${views}.${table}`);
  }
  if (!indexed) return;
  const { rows: [column] } = await db.query(`
    SELECT quote_ident(attname) AS name, EXISTS (SELECT FROM pg_index WHERE indrelid = attrelid AND indkey[0] = attnum) AS has_index
      FROM pg_attribute WHERE attrelid = $1::regclass AND attname IN ('userId', 'user_id')`, [`${schema}.${sessions}`]);
  if (!column.has_index) await db.query(`CREATE INDEX ON ${schema}.${sessions} (${column.name})`);
}

/** A look-up of a session and its user, as whoever is asked for a page does it. */
async function open(adapter, schema) {
  const app = { host, user, database };
  const opened = await Object.assign(Object.create(adapter), { schema }).open(app);
  if (opened.auth) {
    const { internalAdapter } = await opened.auth.$context;
    return { ...opened, look: (token) => internalAdapter.findSession(token) };
  }
  return { ...opened, look: (token) => opened.adapter.getSessionAndUser(token) };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

async function milliseconds(work) {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

console.log("Milliseconds (median)".padEnd(52), ...["own", "indexed", "views"].map((title) => title.padStart(9)),
  "to own".padStart(8), "to indexed".padStart(11));
// TypeORM's adapter has one connection in a process, that of the first configuration: it cannot take turns
for (const name of Object.keys(ownTables).filter((name) => name !== "typeorm")) {
  const { default: adapter } = await import(`../adapters/authjs/adapters/${name}.mjs`);
  const own = `own_${name.replace("-", "_")}`;
  const indexed = `indexed_${name.replace("-", "_")}`;
  await makeOwn(name, own, adapter.schema, false);
  await makeOwn(name, indexed, adapter.schema, true);
  await db.query("VACUUM ANALYZE");
  const tokens = (await db.query("SELECT session_token FROM nextauth.sessions ORDER BY session_token")).rows.map((row) => row.session_token);

  const sides = [];
  for (const schema of [own, indexed, adapter.schema]) sides.push(await open(adapter, schema));
  const times = sides.map(() => []);
  let next = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [k, { look }] of (round % 2 ? [...sides.entries()].reverse() : sides.entries())) {
      for (let run = 0; run <= TURN; run++) {
        const token = tokens[(next += 7919) % tokens.length];
        let found;
        const time = await milliseconds(async () => (found = await look(token)));
        if (found?.session === undefined || !found.user.email.endsWith("@example.com")) throw new Error(`${name}: no session ${token}`);
        if (round > 0 && run > 0) times[k].push(time);
      }
    }
  }
  for (const { close } of sides) await close();
  const [alone, withIndex, views] = times.map(median);
  console.log(`${name}: getSessionAndUser, ${SESSIONS} sessions`.padEnd(52), ...[alone, withIndex, views].map((time) => time.toFixed(3).padStart(9)),
    (views / alone).toFixed(2).padStart(8), (views / withIndex).toFixed(2).padStart(11));
  await db.query(`DROP SCHEMA ${own}, ${indexed} CASCADE`);
}
await db.end();
await server.end();
process.exit();
