// What import_rows() costs beside INSERT ... SELECT of the same users: from columns that have the right types already, and
// from JSON, with the casts written by hand; and the memory that the server's process takes for it.  All in one run.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../adapters/package.json", import.meta.url));
const pg = require("pg");

const { PGHOST: host, PGUSER: user } = process.env;
const USERS = Number(process.env.USERS ?? 1_000_000);
const ROUNDS = 3;
const MEMORY = 200; // MB that a process may take

async function connect(database) {
  const client = new pg.Client({ host, user, database });
  await client.connect();
  return client;
}

const server = await connect("postgres");
await server.query("CREATE DATABASE bench_import");
const setup = await connect("bench_import");
await setup.query("SET nextauth.id_type = 'integer'; CREATE EXTENSION nextauth");
await setup.query(`SELECT nextauth.extend_model('User', '{"isAdmin": {"type": "boolean", "nullable": true},
  "settings": {"type": "jsonb", "nullable": true}, "tags": {"type": "text", "array": true, "nullable": true}}')`);
await setup.query(`CREATE TABLE typed AS SELECT n AS id, 'User ' || n AS name, n || '@example.com' AS email,
    timestamptz '2031-01-01 00:00:00Z' + n * interval '1 second' AS email_verified, n % 2 = 0 AS is_admin,
    jsonb_build_object('theme', 'dark', 'logins', n) AS settings, ARRAY['a', n::text] AS tags
  FROM generate_series(1, ${USERS}) n`);
await setup.query(`CREATE TABLE staging AS SELECT jsonb_build_object('_id', id, 'name', name, 'email', email,
    'emailVerified', jsonb_build_object('$date', jsonb_build_object('$numberLong', (extract(epoch FROM email_verified) * 1000)::bigint::text)),
    'isAdmin', is_admin::int, 'settings', settings, 'tags', tags) AS document FROM typed`);
await setup.query("VACUUM ANALYZE typed, staging");

const columns = "id, name, email, email_verified, is_admin, settings, tags";
const ways = [
  ["INSERT ... SELECT of typed columns", `INSERT INTO nextauth.users (${columns}) SELECT ${columns} FROM typed`],
  ["INSERT ... SELECT of JSON", `INSERT INTO nextauth.users (${columns})
     SELECT (document->>'_id')::int, document->>'name', document->>'email',
            to_timestamp((document #>> '{emailVerified,$date,$numberLong}')::bigint / 1000.0), (document->>'isAdmin')::int::boolean, document->'settings',
            ARRAY(SELECT jsonb_array_elements_text(document->'tags'))
       FROM staging`],
  ["import_rows()", "SELECT nextauth.import_rows('User', 'staging'::regclass)"],
  ["import_rows() again", "SELECT nextauth.import_rows('User', 'staging'::regclass)"],
];

/** Megabytes that a process has for itself, without what it shares with others. */
const memory = ({ processID }) => Number(readFileSync(`/proc/${processID}/status`, "utf8").match(/RssAnon:\s*(\d+)/)[1]) / 1024;

const seconds = ways.map(() => []);
const peaks = ways.map(() => 0);
for (let round = 0; round < ROUNDS; round++) {
  for (const [w, [what, command]] of ways.entries()) {
    if (!what.endsWith("again")) await setup.query("TRUNCATE nextauth.users");
    await setup.query("CHECKPOINT");
    const client = await connect("bench_import");
    const timer = setInterval(() => { peaks[w] = Math.max(peaks[w], memory(client)); }, 50);
    const start = process.hrtime.bigint();
    await client.query(command);
    seconds[w].push(Number(process.hrtime.bigint() - start) / 1e9);
    clearInterval(timer);
    await client.end();
  }
}
const { rows: [{ same }] } = await setup.query(`SELECT count(*) = ${USERS} AS same FROM (SELECT ${columns} FROM nextauth.users INTERSECT SELECT ${columns} FROM typed) u`);

const least = (numbers) => Math.min(...numbers);
console.log(`${USERS} users (best of ${ROUNDS})`.padEnd(44), ...["seconds", "rows/s", "ratio", "MB"].map((title) => title.padStart(10)));
for (const [w, [what]] of ways.entries()) {
  const time = least(seconds[w]);
  console.log(what.padEnd(44), time.toFixed(1).padStart(10), Math.round(USERS / time).toString().padStart(10),
    (time / least(seconds[0])).toFixed(2).padStart(10), peaks[w].toFixed(0).padStart(10), peaks[w] > MEMORY ? `  more than ${MEMORY}` : "");
}
if (!same) console.log("import_rows() has made other rows");

await setup.end();
await server.query("DROP DATABASE bench_import");
await server.end();
