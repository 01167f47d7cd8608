// What a policy with user_id() costs beside one with current_setting(), on a million rows that are all read and checked: medians of
// queries that take turns in one connection; and what authenticate() costs.
import { createRequire } from "node:module";

const require = createRequire(new URL("../adapters/package.json", import.meta.url));
const pg = require("pg");

const { PGHOST: host, PGUSER: user } = process.env;
const database = "bench_identity";
const ROWS = 1_000_000;
const ROUNDS = 15;
const CALLS = 2000;
const TARGET = 1.05;

const server = new pg.Client({ host, user, database: "postgres" });
await server.connect();
await server.query(`CREATE DATABASE ${database}`);
const db = new pg.Client({ host, user, database });
await db.connect();
await db.query("CREATE EXTENSION nextauth; CREATE ROLE bench_app; GRANT USAGE ON SCHEMA nextauth TO bench_app");
await db.query(`INSERT INTO nextauth.users (id, email) SELECT i, i || '@example.com' FROM generate_series(1, 1000) i;
  INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token) SELECT id, 'infinity', md5(id::text), md5('access ' || id) FROM nextauth.users`);

// As many tables as policies, on the same rows; each query reads all of its table in one process
const policies = {
  "current_setting()": "user_id = current_setting('app.user_id')",
  "user_id()": "user_id = nextauth.user_id()",
  "(SELECT current_setting())": "user_id = (SELECT current_setting('app.user_id'))",
  "(SELECT user_id())": "user_id = (SELECT nextauth.user_id())",
};
const tables = Object.entries(policies).map(([title, policy], i) => ({ title, policy, name: `note_${i}` }));
for (const { name, policy } of tables) {
  await db.query(`CREATE TABLE ${name} AS SELECT (i % 1000 + 1)::text AS user_id FROM generate_series(1, $1::int) i`.replace("$1", ROWS));
  await db.query(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON ${name} USING (${policy}); GRANT SELECT ON ${name} TO bench_app`);
}
await db.query("VACUUM ANALYZE");
await db.query("SET ROLE bench_app; SET max_parallel_workers_per_gather = 0; SET jit = off; SET app.user_id = '7'");
await db.query("SELECT nextauth.authenticate_connection($1)", [(await db.query("SELECT md5('7') AS token")).rows[0].token]);

async function milliseconds(work) {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

const times = tables.map(() => []);
for (let round = 0; round <= ROUNDS; round++) {
  const order = [...tables.entries()];
  for (const [k, { name }] of round % 2 ? order.reverse() : order) {
    const time = await milliseconds(async () => {
      const { rows: [{ count }] } = await db.query(`SELECT count(*) FROM ${name}`);
      if (Number(count) !== ROWS / 1000) throw new Error(`${count} rows`);
    });
    if (round > 0) times[k].push(time);
  }
}
const medians = times.map(median);
for (const [k, { title }] of tables.entries()) {
  const ratio = medians[k] / medians[k - (k % 2)];
  console.log(`policy with ${title}, ${ROWS} rows`.padEnd(62), `${medians[k].toFixed(1)} ms`.padStart(12), k % 2 ? ratio.toFixed(2).padStart(7) : "");
}
const ratio = medians[1] / medians[0];
console.log(`user_id() takes ${ratio.toFixed(2)} of current_setting(), at most ${TARGET} is the aim: ${ratio <= TARGET ? "reached" : "MISSED"}.`);

// In the server, without the way to it
for (const [title, call] of [["authenticate()", "nextauth.authenticate(md5('7'))"], ["set_config()", "set_config('app.user_id', '7', true)"]]) {
  const time = await milliseconds(() => db.query(`SELECT count(${call}) FROM generate_series(1, ${CALLS})`));
  console.log(`${title}, a call`.padEnd(62), `${((time / CALLS) * 1000).toFixed(1)} µs`.padStart(12));
}
await db.end();
await server.query(`DROP DATABASE ${database}`);
await server.end();
