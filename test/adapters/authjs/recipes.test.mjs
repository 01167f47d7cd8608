// The SQL of doc/recipes.md, pasted as it stands there, with the released adapters.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import pg from "pg";
import PostgresAdapter from "@auth/pg-adapter";
import { withDatabase } from "../helpers/database.mjs";
import { adapters } from "./adapters/index.mjs";
import { assertHas, oauthAccount, times } from "./helpers/suite.mjs";

const page = readFileSync(new URL("../../../doc/recipes.md", import.meta.url), "utf8");

/** The SQL under a heading, for the role that the application has here. */
function recipe(heading, role) {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  return section.match(/^```sql\n(.*?)^```/ms)[1].replace(/\bTO app\b/g, `TO ${role}`);
}

const none = (answer) => assert.equal(answer ?? null, null);

test("an inactive user cannot sign in", (t) =>
  withDatabase(async ({ owner, app }) => {
    await owner.query(recipe("An inactive user cannot sign in", app.user));
    for (const traits of adapters) {
      await t.test(traits.name, { skip: traits.skip }, async () => {
        const { adapter, close } = await traits.open(app);
        const profile = { name: "Ada", email: `ada@${traits.name}.example`, image: null, emailVerified: times.verified };
        const account = { ...oauthAccount, providerAccountId: `${traits.name}:1` };
        const ofAccount = { provider: account.provider, providerAccountId: account.providerAccountId };
        const sessionToken = `${traits.name} session`;
        const count = async () => (await owner.query("SELECT count(*) FROM nextauth.users")).rows[0].count;
        const setActive = (active) =>
          owner.query("UPDATE nextauth.users SET active = $1 WHERE email = $2", [active, profile.email]);
        try {
          const { id } = await adapter.createUser({ id: crypto.randomUUID(), ...profile });
          await adapter.linkAccount({ userId: id, ...account });
          await adapter.createSession({ sessionToken, userId: id, expires: times.later });
          assertHas((await adapter.getSessionAndUser(sessionToken)).user, { id, ...profile });

          await setActive(false);
          const before = await count();
          none(await adapter.getSessionAndUser(sessionToken));
          none(await adapter.getUserByAccount(ofAccount));
          none(await adapter.getUserByEmail(profile.email));
          none(await adapter.getUser(id));
          await assert.rejects(async () => adapter.createUser({ id: crypto.randomUUID(), ...profile }));
          assert.equal(await count(), before);

          await setActive(true);
          assertHas((await adapter.getSessionAndUser(sessionToken)).user, { id, ...profile });
          assertHas(await adapter.getUserByAccount(ofAccount), { id, ...profile });
        } finally {
          await close();
        }
      });
    }
  }, { idType: "text", adapters: adapters.map(({ name }) => name) }));

test("tenants", (t) =>
  withDatabase(async ({ owner, app }) => {
    await owner.query("INSERT INTO nextauth.users (id, email) VALUES ('0', 'old@example.com')");
    await owner.query(recipe("Tenants", app.user));
    const poolOf = (tenant) => new pg.Pool({ ...app, options: `-c search_path=nextauth_pg${tenant ? ` -c app.tenant=${tenant}` : ""}`, max: 2 });
    const pools = { first: poolOf("first"), second: poolOf("second"), none: poolOf() };
    const first = PostgresAdapter(pools.first);
    const second = PostgresAdapter(pools.second);
    const ada = { name: "Ada", email: "ada@example.com", image: null, emailVerified: null };
    const account = { ...oauthAccount, providerAccountId: "1" };
    try {
      const here = await first.createUser(ada);
      const there = await second.createUser(ada);
      await first.linkAccount({ userId: here.id, ...account });
      await second.createSession({ sessionToken: "s", userId: there.id, expires: times.later });

      await t.test("each tenant has a user of the same address", async () => {
        assert.notEqual(here.id, there.id);
        assertHas(await first.getUserByEmail(ada.email), { id: here.id });
        assertHas(await second.getUserByEmail(ada.email), { id: there.id });
        await assert.rejects(first.createUser(ada), { code: "23505" });
      });
      await t.test("users that were there are the first's", async () => {
        assertHas(await first.getUserByEmail("old@example.com"), { id: "0" });
        none(await second.getUserByEmail("old@example.com"));
      });
      await t.test("nobody sees or changes what is another tenant's", async () => {
        none(await second.getUser(here.id));
        none(await second.getUserByAccount({ provider: account.provider, providerAccountId: "1" }));
        none(await first.getSessionAndUser("s"));
        await second.deleteUser(here.id);
        assertHas(await first.getUser(here.id), { id: here.id });
        await assert.rejects(second.createSession({ sessionToken: "t", userId: here.id, expires: times.later }), { code: "42501" });
      });
      await t.test("a provider's account is one tenant's, unless the provider has another id in each", async () => {
        await assert.rejects(second.linkAccount({ userId: there.id, ...account }), { code: "23505" });
        await second.linkAccount({ userId: there.id, ...account, provider: "github-second" });
      });
      await t.test("a connection that is no tenant's can do nothing", async () => {
        await assert.rejects(pools.none.query("SELECT FROM users"), { code: "42704" });
        await assert.rejects(PostgresAdapter(pools.none).createUser({ ...ada, email: "x@example.com" }), { code: "42704" });
      });
      await t.test("with the other recipe, whose policies are restrictive then", async () => {
        await owner.query(recipe("An inactive user cannot sign in", app.user).replace(/CREATE POLICY .* TO \w+/g, (policy) =>
          policy.replace(/ TO /, " AS RESTRICTIVE TO ")));
        await owner.query("UPDATE nextauth.users SET active = false WHERE id = $1", [there.id]);
        none(await second.getUserByEmail(ada.email));
        assertHas(await first.getUserByEmail(ada.email), { id: here.id });
      });
      await t.test("check_models() has nothing to say of it", async () => {
        assert.deepEqual((await owner.query("SELECT property, finding FROM nextauth.check_models() WHERE model IS NOT NULL")).rows, []);
      });
    } finally {
      for (const pool of Object.values(pools)) await pool.end();
    }
  }, { idType: "text", adapters: ["pg"] }));
