// Whose session is this?  get_session_and_user() beside the best prepared joins that return the same, and beside what adapters ask on
// the extension's views and on tables of their own: the instructions of the backend for a call, as callgrind counts them, and then
// calls a second over eight connections.
// NEXTAUTH_BENCH_ROWS says how many users there are, each with a session.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { ownTables } from "../adapters/authjs/helpers/own-tables.mjs";

const require = createRequire(new URL("../adapters/authjs/package.json", import.meta.url));
const pg = require("pg");

const { PGHOST: host, PGUSER: user, NEXTAUTH_BENCH_ROWS: rows = "1000000" } = process.env;
const database = "bench_session";
const app = { host, user, database };
const data = `${host}/data`;
const profiles = `${host}/callgrind`;
const CALLS = 200; // of which the instructions are counted
const WARM_CALLS = 100; // before them, which make PostgreSQL choose a generic plan
const CONNECTIONS = 8;
const ROUNDS = 5;
const TURN = 3000; // ms
const DAY = 86400;

const programs = spawnSync(process.env.PG_CONFIG, ["--bindir"], { encoding: "utf8" }).stdout.trim();

function control(...args) {
  const { status, stderr } = spawnSync(`${programs}/pg_ctl`, ["-s", "-w", "-t", "300", "-D", data, "-l", `${host}/server.log`, ...args],
    { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  if (status !== 0) throw new Error(`pg_ctl ${args[0]}: ${stderr}`);
}

async function connect(to = database) {
  const client = new pg.Client({ ...app, database: to });
  await client.connect();
  return client;
}

// ---- The rows ------------------------------------------------------------------------------------------------------
const rivals = ["pg", "prisma", "drizzle", "better-auth"];
const ownSchema = (name) => `own_${name.replace("-", "_")}`;
const viewSchema = (name) => `nextauth_${name.replace("-", "_")}`;

/** Makes the models, and the adapters' own tables with the same rows. */
async function fill() {
  const server = await connect("postgres");
  await server.query("ALTER SYSTEM SET autovacuum = off");
  await server.query(`CREATE DATABASE ${database}`);
  await server.end();
  const db = await connect();
  await db.query("SET nextauth.id_type = text; CREATE EXTENSION nextauth");
  await db.query(`INSERT INTO nextauth.users (name, email, email_verified, image)
    SELECT 'User ' || i, i || '@example.com', now(), 'https://example.com/' || i FROM generate_series(1, $1::int) i`, [rows]);
  await db.query(`INSERT INTO nextauth.sessions (user_id, expires, session_token, access_token)
    SELECT id, now() + '30 days', encode(sha256(id::bytea), 'hex'), md5(id) FROM nextauth.users`);
  await db.query(`SET nextauth.max_scan_rows = ${2 * rows}`);
  for (const name of rivals) {
    await db.query("SELECT nextauth.add_adapter($1)", [name]);
    await db.query(`CREATE SCHEMA ${ownSchema(name)}`);
    const { users, sessions, make } = ownTables[name];
    if (typeof make === "string") await db.query(`SET search_path = ${ownSchema(name)}; ${make}; RESET search_path`);
    else await make(app, ownSchema(name));
    for (const table of [users, sessions]) await copy(db, `${viewSchema(name)}.${table}`, `${ownSchema(name)}.${table}`);
  }
  // What is documented has no index on the token: each look-up would read all sessions
  await db.query(`CREATE INDEX ON ${ownSchema("pg")}.sessions ("sessionToken")`);
  await db.query("VACUUM ANALYZE");
  const { rows: tokens } = await db.query("SELECT session_token FROM nextauth.sessions ORDER BY md5(session_token) LIMIT $1", [WARM_CALLS]);
  await db.end();
  return tokens.map((row) => row.session_token);
}

async function copy(db, from, to) {
  const { rows: [columns] } = await db.query(`
    SELECT string_agg(quote_ident(o.attname), ', ') AS names,
           string_agg(quote_ident(o.attname) || '::' || format_type(o.atttypid, o.atttypmod), ', ') AS casts
      FROM pg_attribute o JOIN pg_attribute v USING (attname)
     WHERE o.attrelid = $1::regclass AND v.attrelid = $2::regclass AND o.attnum > 0`, [to, from]);
  await db.query(`INSERT INTO ${to} (${columns.names}) SELECT ${columns.casts} FROM ${from}`);
}

// ---- Who looks a session up ----------------------------------------------------------------------------------------
/** A statement, prepared or not. */
const byStatement = (text, isPrepared) => (max = 1) => {
  const pool = new pg.Pool({ ...app, max });
  const query = isPrepared ? { name: "look", text } : { text };
  return { look: async (token) => (await pool.query({ ...query, values: [token] })).rows[0].found, close: () => pool.end() };
};

/** An adapter, on tables of its own or on the extension's views. */
const byAdapter = (name, schema) => async (max = 1) => {
  const { default: adapter } = await import(`../adapters/authjs/adapters/${name}.mjs`);
  const opened = await Object.assign(Object.create(adapter), { schema }).open({ ...app, max });
  if (!opened.auth) return { look: (token) => opened.adapter.getSessionAndUser(token), close: opened.close };
  const { internalAdapter } = await opened.auth.$context;
  return { look: (token) => internalAdapter.findSession(token), close: opened.close };
};

const ours = "SELECT nextauth.get_session_and_user($1) AS found";
const sliding = `SELECT nextauth.get_session_and_user($1, ${30 * DAY}, ${DAY}) AS found`;
const built = `json_build_object(
  'session', json_build_object('id', s.id, 'sessionToken', s.session_token, 'userId', s.user_id, 'expires', s.expires),
  'user', json_build_object('id', u.id, 'name', u.name, 'email', u.email, 'emailVerified', u.email_verified, 'image', u.image))`;
const pairs = `nextauth.sessions s JOIN nextauth.users u ON u.id = s.user_id WHERE s.session_token = $1 AND s.expires > now()`;
const joins = {
  "join, json_build_object()": `SELECT ${built} AS found FROM ${pairs}`,
  "join, row_to_json()": `SELECT row_to_json(r) AS found FROM (SELECT s AS session, u AS "user"
    FROM (SELECT id, session_token AS "sessionToken", user_id AS "userId", expires FROM nextauth.sessions) s
    JOIN (SELECT id, name, email, email_verified AS "emailVerified", image FROM nextauth.users) u ON u.id = s."userId"
    WHERE s."sessionToken" = $1 AND s.expires > now()) r`,
};
const slidingJoin = `WITH pair AS (SELECT s.id, s.expires, ${built} AS found FROM ${pairs}),
  moved AS (UPDATE nextauth.sessions s SET expires = now() + '30 days' FROM pair
    WHERE s.id = pair.id AND pair.expires <= now() + '29 days')
  SELECT found FROM pair`;

const PREPARED = "get_session_and_user(), prepared";
const UNPREPARED = "get_session_and_user(), unprepared";
const SLIDING = "get_session_and_user(), sliding, prepared";
const PG = "adapter pg, own tables";
const sides = {
  [PREPARED]: byStatement(ours, true),
  [UNPREPARED]: byStatement(ours, false),
  [SLIDING]: byStatement(sliding, true),
  ...Object.fromEntries(Object.entries(joins).map(([name, text]) => [`${name}, prepared`, byStatement(text, true)])),
  "join with UPDATE in WITH, sliding, prepared": byStatement(slidingJoin, true),
  ...Object.fromEntries(rivals.flatMap((name) => [
    [`adapter ${name}, own tables`, byAdapter(name, ownSchema(name))],
    [`adapter ${name}, views`, byAdapter(name, viewSchema(name))],
  ])),
};

const tokenOf = (tokens, call) => tokens[call % tokens.length];

/** All statements return the same, and all adapters the same user.  This reads all pages into the cache, too. */
async function compare(tokens) {
  const reference = await sides[PREPARED]();
  for (const [name, open] of Object.entries(sides)) {
    const { look, close } = await open();
    for (const token of tokens) {
      const [expected, found] = [await reference.look(token), await look(token)];
      if (name.startsWith("adapter")) assert.equal(found.user.email, expected.user.email, name);
      else assert.deepEqual(found, expected, name);
    }
    await close();
  }
  await reference.close();
}

// ---- Instructions --------------------------------------------------------------------------------------------------
/** Starts the server under callgrind, and returns what stops it. */
async function startUnderCallgrind() {
  mkdirSync(profiles);
  const postmaster = spawn("valgrind", ["--quiet", "--tool=callgrind", `--callgrind-out-file=${profiles}/%p`, `${programs}/postgres`, "-D", data],
    { stdio: "ignore" });
  const ended = new Promise((resolve) => postmaster.on("exit", resolve));
  for (let attempt = 0; ; attempt++) {
    await sleep(500);
    try {
      await (await connect()).end();
      break;
    } catch (error) {
      if (attempt === 200) throw error;
    }
  }
  return async () => {
    control("stop", "-m", "fast");
    await ended;
    rmSync(profiles, { recursive: true });
  };
}

/** The instructions of a backend, when it has ended. */
async function total(pid) {
  for (let attempt = 0; attempt < 600; attempt++) {
    const file = `${profiles}/${pid}`;
    const [, instructions] = /^totals: (\d+)/m.exec(existsSync(file) ? readFileSync(file, "latin1") : "") ?? [];
    if (instructions) return Number(instructions);
    await sleep(100);
  }
  throw new Error(`backend ${pid} has not ended`);
}

/** The instructions of the backends that serve so many calls, with all that comes before and after. */
async function instructions(watch, open, tokens, calls) {
  const { look, close } = await open();
  for (let call = 0; call < calls; call++) assert.ok(await look(tokenOf(tokens, call)));
  const { rows: backends } = await watch.query(
    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
  await close();
  return (await Promise.all(backends.map(({ pid }) => total(pid)))).reduce((sum, one) => sum + one);
}

/** The instructions of a call of each side: those of more calls, without those of fewer. */
async function countInstructions(tokens) {
  const stop = await startUnderCallgrind();
  await compare(tokens);
  const watch = await connect();
  const perCall = {};
  const count = async (name, open) => {
    const few = await instructions(watch, open, tokens, WARM_CALLS);
    perCall[name] = (await instructions(watch, open, tokens, WARM_CALLS + CALLS) - few) / CALLS;
    const ratioTo = (other) => (perCall[other] ? (perCall[name] / perCall[other]).toFixed(2) : "");
    console.log(name.padEnd(52), `${Math.round(perCall[name] / 1000)} k`.padStart(8), ratioTo(PREPARED).padStart(12), ratioTo(UNPREPARED).padStart(14));
  };
  console.log("Instructions of the backend for a call".padEnd(52), "".padStart(8), "to prepared".padStart(12), "to unprepared".padStart(14));
  for (const [name, open] of Object.entries(sides)) await count(name, open);

  // It uses an index by hash where there is one
  const hashes = { look_session: "sessions (session_token)", look_user: "users (id)" };
  for (const [index, on] of Object.entries(hashes)) await watch.query(`CREATE INDEX ${index} ON nextauth.${on.replace(" ", " USING hash ")}`);
  for (const name of [PREPARED, UNPREPARED, ...Object.keys(joins).map((join) => `${join}, prepared`)]) {
    await instructions(watch, sides[name], tokens, WARM_CALLS);
    await count(`${name}, indexes by hash`, sides[name]);
  }
  for (const index of Object.keys(hashes)) await watch.query(`DROP INDEX nextauth.${index}`);
  await watch.end();
  await stop();
  return perCall;
}

// ---- Calls a second ------------------------------------------------------------------------------------------------
/** How many calls a second as many callers as there are connections make. */
async function rate(look, tokens) {
  let calls = 0;
  const start = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, async (_, caller) => {
    for (let call = caller; performance.now() - start < TURN; call += CONNECTIONS, calls++) await look(tokenOf(tokens, call));
  }));
  return calls / ((performance.now() - start) / 1000);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** The sides take turns. */
async function countCalls(tokens) {
  const opened = [];
  for (const name of [PG, UNPREPARED, PREPARED]) opened.push({ name, calls: [], ...await sides[name](CONNECTIONS) });
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { look, calls } of opened) {
      const now = await rate(look, tokens);
      if (round > 0) calls.push(now);
    }
  }
  for (const { close } of opened) await close();
  const medians = Object.fromEntries(opened.map(({ name, calls }) => [name, median(calls)]));
  console.log(`Calls a second, ${CONNECTIONS} connections (median)`.padEnd(52), "".padStart(8), "to pg".padStart(12));
  for (const [name, calls] of Object.entries(medians)) {
    console.log(name.padEnd(52), Math.round(calls).toString().padStart(8), (calls / medians[PG]).toFixed(2).padStart(12));
  }
  return medians;
}

const tokens = await fill();
control("stop");
const perCall = await countInstructions(tokens);
control("start");
const perSecond = await countCalls(tokens);

const best = Math.min(...Object.keys(joins).map((name) => perCall[`${name}, prepared`]));
const aims = [["best join, prepared / prepared", best / perCall[PREPARED], 1.5]];
for (const on of ["views", "own tables"]) {
  const [ofPg, ofPrisma, ofDrizzle] = ["pg", "prisma", "drizzle"].map((name) => perCall[`adapter ${name}, ${on}`]);
  aims.push([`adapter pg, ${on} / unprepared`, ofPg / perCall[UNPREPARED], 3.5], [`adapter pg, ${on} / prepared`, ofPg / perCall[PREPARED], 5],
    [`adapter prisma, ${on} / prepared`, ofPrisma / perCall[PREPARED], 5], [`adapter drizzle, ${on} / prepared`, ofDrizzle / perCall[PREPARED], 5]);
}
aims.push(["calls a second: prepared / adapter pg, own tables", perSecond[PREPARED] / perSecond[PG], 2]);
for (const [what, ratio, aim] of aims) {
  console.log(what.padEnd(52), ratio.toFixed(2).padStart(8), `at least ${aim} is the aim: ${ratio >= aim ? "reached" : "MISSED"}`);
}
process.exit();
