// From a laptop to production: an application of next-auth 3 begins on SQLite, in a file; its rows move to Postgres, where
// Auth.js finds its users and their sessions.
import assert from "node:assert/strict";
import PostgresAdapter from "@auth/pg-adapter";
import pg from "pg";
import { withDatabase } from "../adapters/helpers/database.mjs";
import { createModels, extend, schemasFor } from "./helpers/catalog.mjs";
import { sqlite, testEach } from "./helpers/engines.mjs";
import { withAdapter } from "./helpers/typeorm.mjs";
import { optionsOf, tutorialUser, valuesOf } from "./helpers/users.mjs";

testEach("an application begins, and moves to Postgres", [sqlite], async (t, engine) =>
  withDatabase(async ({ owner, app }) => {
    await extend(owner, optionsOf(tutorialUser));

    // What is committed beside the application: the models, and the statements that make the tables.
    const schemas = await schemasFor(owner, engine);
    const laptop = await createModels(owner, engine);
    const session = await withAdapter(laptop.connection, schemas, async ({ api }) => {
      const { id } = await api.createUser({ name: "Ada Lovelace", email: "ada@example.com", ...valuesOf(tutorialUser) });
      await api.linkAccount(id, "github", "oauth", 1815, null, "an access token");
      return api.createSession({ id });
    });

    for (const [model, table] of [["User", "users"], ["Account", "accounts"], ["Session", "sessions"]]) {
      await owner.query("SELECT nextauth.import_rows($1, $2)", [model, JSON.stringify(await laptop.exportRows(table))]);
    }
    await owner.query("SELECT nextauth.add_adapter('pg')");
    await owner.query(`SELECT nextauth.grant_adapter('${app.user}')`);

    const pool = new pg.Pool({ ...app, options: "-c search_path=nextauth_pg" });
    try {
      const adapter = PostgresAdapter(pool);
      const found = await adapter.getSessionAndUser(session.sessionToken);
      assert.deepEqual([found.user.name, found.user.email, found.user.phoneNumber],
        ["Ada Lovelace", "ada@example.com", tutorialUser.phoneNumber.given]);
      assert.deepEqual(found.session.expires, session.expires);
      const byAccount = await adapter.getUserByAccount({ provider: "github", providerAccountId: "1815" });
      assert.equal(byAccount.email, "ada@example.com");
      const { id } = await adapter.createUser({ name: "Bob", email: "bob@example.com", emailVerified: null, image: null });
      assert.notEqual(String(id), String(found.user.id));
    } finally {
      await pool.end();
    }
  }));
