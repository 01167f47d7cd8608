// Better Auth's own suite for adapters, which vitest runs: its adapter on the extension's views, as a role that owns nothing.
//
// The suite wants tables anew for the options of almost every test. What Better Auth would migrate, the owner of the tables does here as
// an application's team would: further fields are properties of the models, a plugin's tables are tables of their own that refer to the
// models' tables, and where a table or a column is to have another name, it is that of a view.
import {
  authFlowTestSuite, caseInsensitiveTestSuite, joinsTestSuite, normalTestSuite, testAdapter, transactionsTestSuite, uuidTestSuite,
} from "@better-auth/test-utils/adapter";
import { getAuthTables } from "better-auth/db";
import { getAdapter } from "better-auth/db/adapter";
import pg from "pg";
import { afterAll, inject } from "vitest";
import { poolOf } from "./application.mjs";

const { app, owner } = inject("connections");
const VIEWS = "nextauth_better_auth";
/** The schema of the application's own tables. */
const OWN = "shop";

const models = { user: "User", session: "Session", account: "Account", verification: "VerificationRequest" };
const tables = { user: "nextauth.users" };
const types = {
  string: "text", number: "integer", boolean: "boolean", date: "timestamptz", json: "jsonb", "string[]": "jsonb", "number[]": "jsonb",
};
const quote = pg.escapeIdentifier;
const builtin = getAuthTables({});

const database = poolOf(app, `${OWN},${VIEWS}`);
const client = new pg.Client(owner);
await client.connect();
afterAll(async () => {
  await database.end();
  await client.end();
});

/** The fields of a table that its model does not have, and whether it has another name for anything that it has. */
function differences(key, { modelName, fields }) {
  const known = builtin[key].fields;
  const further = Object.entries(fields).filter(([name]) => !(name in known));
  const renamed = Object.entries(fields).filter(([name, field]) => name in known && (field.fieldName ?? name) !== name);
  return { further, renames: modelName !== builtin[key].modelName || renamed.length > 0 };
}

/** What was added to the models, to be taken back by the next migration. */
let added = [];

async function extendModel(key, further) {
  if (further.length === 0) return;
  const columns = Object.fromEntries(further.map(([name, { type, required, unique, fieldName }]) =>
    [fieldName ?? name, { type: types[type] ?? "text", nullable: required === false, ...(unique && { unique }) }]));
  await client.query("SELECT nextauth.extend_model($1, $2)", [models[key], JSON.stringify(columns)]);
  added.push([models[key], Object.keys(columns)]);
}

/** A view of an adapter's view with the names that the options give. */
async function createView(key, { modelName, fields }) {
  const columns = Object.entries(fields).map(([name, { fieldName = name }]) =>
    `${quote(name in builtin[key].fields ? name : fieldName)} AS ${quote(fieldName)}`);
  await client.query(`
    CREATE VIEW ${OWN}.${quote(modelName)} WITH (security_invoker) AS
      SELECT id, ${columns.join(", ")} FROM ${VIEWS}.${quote(builtin[key].modelName)}`);
}

/** A table that is no model's, without its foreign keys. */
async function createTable({ modelName, fields }) {
  const columns = Object.entries(fields).map(([name, { type, required, unique, bigint, fieldName = name }]) =>
    `${quote(fieldName)} ${bigint ? "bigint" : types[type] ?? "text"} ${required === false ? "" : "NOT NULL"} ${unique ? "UNIQUE" : ""}`);
  await client.query(`CREATE TABLE ${OWN}.${quote(modelName)} (id text PRIMARY KEY DEFAULT gen_random_uuid(), ${columns.join(", ")})`);
}

async function addForeignKeys({ modelName, fields }, all) {
  for (const [name, { references, fieldName = name }] of Object.entries(fields)) {
    if (!references) continue;
    const [key] = Object.entries(all).find(([key, table]) => [key, table.modelName].includes(references.model));
    const { modelName: target } = all[key];
    await client.query(`ALTER TABLE ${OWN}.${quote(modelName)} ADD FOREIGN KEY (${quote(fieldName)})
      REFERENCES ${tables[key] ?? `${OWN}.${quote(target)}`} (${quote(references.field)}) ON DELETE CASCADE`);
  }
}

async function runMigrations(options) {
  await client.query(`DROP SCHEMA IF EXISTS ${OWN} CASCADE`);
  await client.query(`CREATE SCHEMA ${OWN}`);
  await client.query("DELETE FROM nextauth.users");
  await client.query("DELETE FROM nextauth.verification_requests");
  for (const [model, properties] of added) await client.query("SELECT nextauth.drop_properties($1, VARIADIC $2::text[])", [model, properties]);
  added = [];

  const all = getAuthTables(options);
  const others = Object.entries(all).filter(([key]) => !(key in models)).map(([, table]) => table);
  for (const table of others) await createTable(table);
  for (const table of others) await addForeignKeys(table, all);
  for (const key of Object.keys(models)) {
    const { further, renames } = differences(key, all[key]);
    await extendModel(key, further);
    if (renames) await createView(key, all[key]);
  }
  await client.query(`GRANT USAGE ON SCHEMA ${OWN} TO ${app.user}`);
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${OWN} TO ${app.user}`);
}

const { execute } = await testAdapter({
  // What betterAuth() makes of a pool.
  async adapter(options) {
    const adapter = await getAdapter({ ...options, database });
    return () => adapter;
  },
  runMigrations,
  // All but that of serial ids, which the views refuse.
  tests: [normalTestSuite(), transactionsTestSuite(), authFlowTestSuite(), caseInsensitiveTestSuite(), joinsTestSuite(), uuidTestSuite()],
});
execute();
