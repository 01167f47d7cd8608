// Ids of a format of the application's own, which the database makes: adapters that are told of it leave them to the database.
import assert from "node:assert/strict";
import test from "node:test";
import { withDatabase } from "../helpers/database.mjs";
import { adapters } from "./adapters/index.mjs";
import betterAuth from "./adapters/better-auth.mjs";
import { describe, open } from "./helpers/declarations.mjs";
import { exerciseAll } from "./helpers/suite.mjs";

const ownId = (prefix) => ({ id: { type: "text", defaultExpression: `'${prefix}_' || gen_random_uuid()` } });
const columns = { User: ownId("usr"), Account: ownId("acc"), Session: ownId("ses"), VerificationRequest: ownId("ver") };
const run = { idType: "text", adapters: ["pg", "prisma", "drizzle", "better-auth"] };

const extend = (owner) => owner.query("SELECT nextauth.extend_models($1)", [
  JSON.stringify(Object.fromEntries(Object.entries(columns).map(([model, own]) => [model, { columns: own }])))]);

const assertOwn = async (db) => {
  for (const [table, prefix] of [["users", "usr"], ["accounts", "acc"], ["sessions", "ses"], ["verification_requests", "ver"]]) {
    const { rows } = await db.query(`SELECT id FROM nextauth.${table}`);
    for (const { id } of rows) assert.match(id, new RegExp(`^${prefix}_[0-9a-f-]{36}$`), table);
  }
};

test("Auth.js's adapters", (t) =>
  withDatabase(async ({ admin, owner, app }) => {
    await extend(owner);
    for (const name of ["pg", "prisma", "drizzle"]) {
      const traits = adapters.find((adapter) => adapter.name === name);
      // That of pg writes no ids.
      const told = name === "pg" ? traits : { ...traits, open: async () => open[name](app, await describe(owner, name)) };
      await exerciseAll(t, [told], { app, db: admin, nobody: "nobody" });
      await t.test(`${name}: the ids are the database's`, () => assertOwn(admin));
    }
  }, run));

test("Better Auth", () =>
  withDatabase(async ({ admin, owner, app }) => {
    await extend(owner);
    assert.match(await describe(owner, "better-auth"), /advanced: \{ database: \{ generateId: false \} \}/);
    const { auth, close } = await betterAuth.open(app, { advanced: { database: { generateId: false } } });
    try {
      const { user } = await auth.api.signUpEmail({ body: { name: "Ada", email: "ada@example.com", password: "correct horse battery staple" } });
      assert.match(user.id, /^usr_/);
      for (const table of ["users", "accounts", "sessions"]) {
        assert.equal((await admin.query(`SELECT FROM nextauth.${table}`)).rowCount, 1, table);
      }
      await assertOwn(admin);
    } finally {
      await close();
    }
  }, run));
