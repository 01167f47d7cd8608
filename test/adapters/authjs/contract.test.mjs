// What an adapter creates and reads back equals, column for column, what was given: nothing is missing, and nothing of another
// adapter's is there. Auth.js's own tests of the adapters ask for the same.
process.env.TZ = "UTC"; // times without zone are ones of UTC
import assert from "node:assert/strict";
import test from "node:test";
import pg from "pg";
import { withDatabase } from "../helpers/database.mjs";
import { adapters } from "./adapters/index.mjs";
import { custom, definitions } from "./helpers/application.mjs";
import { oauthAccount, times } from "./helpers/suite.mjs";

const camel = { users: "users", accounts: "accounts", sessions: "sessions", tokens: "verification_token" };
const pascal = { users: "User", accounts: "Account", sessions: "Session", tokens: "VerificationToken" };

/** The adapters' tables, and which of them have an id beside what Auth.js gives; "snake" tells how their columns are spelled. */
const tables = {
  pg: { ...camel, ids: ["accounts", "sessions"] },
  neon: { ...camel, ids: ["accounts", "sessions"] },
  supabase: { ...camel, tokens: "verification_tokens", ids: ["accounts", "sessions"], beside: { accounts: ["oauth_token", "oauth_token_secret"] } },
  prisma: {
    ...pascal, authenticators: "Authenticator", ids: [],
    beside: {
      users: ["createdAt", "updatedAt"], accounts: ["createdAt", "updatedAt"], sessions: ["createdAt", "updatedAt"],
    },
    // of clients of next-auth 4
    hidden: { accounts: ["id", "refresh_token_expires_in"], sessions: ["id"] },
  },
  kysely: { ...pascal, ids: [] },
  drizzle: { users: "user", accounts: "account", sessions: "session", tokens: "verificationToken", authenticators: "authenticator", ids: [] },
  typeorm: { ...camel, tokens: "verification_tokens", ids: ["accounts", "sessions", "tokens"] },
  sequelize: { ...camel, tokens: "verification_tokens", ids: ["accounts", "sessions"], snake: true },
  "mikro-orm": { users: "user", accounts: "account", sessions: "session", tokens: "verification_token", ids: ["accounts", "sessions"], snake: true },
};

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Asserts that a row, as `SELECT *` has it, is what was given, and besides only an id, what the adapter's table has, and `more`. */
function assertColumns(name, table, row, given, more = []) {
  const { ids, beside, hidden, ...own } = tables[name];
  const key = own.snake ? snake : (column) => column;
  const besides = [...(ids.includes(table) ? ["id"] : []), ...(hidden?.[table] ?? []), ...(beside?.[table] ?? []), ...more];
  const expected = Object.fromEntries(Object.entries(given).map(([column, value]) => [key(column), value]));
  for (const column of besides) expected[column] = row[column];
  const read = { ...row };
  for (const column of ["emailVerified", "expires"]) {
    if (typeof read[column] === "string") read[column] = new Date(Number(read[column])); // TypeORM's are milliseconds
  }
  assert.deepEqual(read, expected);
}

/** An adapter's answer as a plain object; what has no value may be left out. */
function plain(answer) {
  const { ...fields } = answer?.toJSON?.() ?? answer;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}

const withId = (answer, given) => ({ ...("id" in answer && { id: answer.id }), ...given });

/** Asserts that an adapter's answer is what was given, and besides only an id if the adapter's table has one. */
function assertAnswer(name, table, answer, given) {
  const { ids, beside } = tables[name];
  const read = plain(answer);
  for (const column of beside?.[table] ?? []) delete read[column];
  if (!ids.includes(table)) assert.ok(!("id" in read), `${table} with an id`);
  assert.deepEqual(read, withId(read, plain(given)));
}

async function exercise(t, name, { adapter, app, schema, extended }) {
  const pool = new pg.Client(app);
  await pool.connect();
  const of = tables[name];
  const row = async (table, column, value) =>
    (await pool.query(`SELECT * FROM ${schema}."${of[table]}" WHERE "${of.snake ? snake(column) : column}" = $1`, [value])).rows[0];
  const more = extended ? Object.values(custom).map(({ column }, i) => (of.snake ? column : Object.keys(custom)[i])) : [];
  try {
    const given = { name: "Ada", email: `ada@${name}.example`, image: "https://example.com/ada.png", emailVerified: times.verified };
    const { id } = await adapter.createUser({ id: crypto.randomUUID(), ...given });
    const user = { id, ...given };
    const withCustom = async () => {
      const { ...read } = plain(await adapter.getUser(id));
      for (const property of [...(extended ? Object.keys(custom) : []), ...(of.beside?.users ?? [])]) delete read[property];
      return read;
    };

    await t.test("user", async () => {
      assert.deepEqual(await withCustom(), user);
      assertColumns(name, "users", await row("users", "id", id), user, more);
      await adapter.updateUser({ id, name: "Ada King" });
      user.name = "Ada King";
      assertColumns(name, "users", await row("users", "id", id), user, more);
    });

    await t.test("account", async () => {
      const account = { userId: id, ...oauthAccount, providerAccountId: `${name}:1` };
      const answer = await adapter.linkAccount({ ...account });
      if (answer) assertAnswer(name, "accounts", answer, account);
      assertColumns(name, "accounts", await row("accounts", "providerAccountId", account.providerAccountId), account);
      if (adapter.getAccount) assertAnswer(name, "accounts", await adapter.getAccount(account.providerAccountId, account.provider), account);
      await adapter.unlinkAccount({ provider: account.provider, providerAccountId: account.providerAccountId });
      assert.equal(await row("accounts", "providerAccountId", account.providerAccountId), undefined);
    });

    await t.test("session", async () => {
      const session = { sessionToken: `${name} session`, userId: id, expires: times.verified };
      assertAnswer(name, "sessions", await adapter.createSession({ ...session }), session);
      assertAnswer(name, "sessions", (await adapter.getSessionAndUser(session.sessionToken)).session, session);
      assertColumns(name, "sessions", await row("sessions", "sessionToken", session.sessionToken), session);
      session.expires = times.later;
      await adapter.updateSession({ sessionToken: session.sessionToken, expires: session.expires });
      assertColumns(name, "sessions", await row("sessions", "sessionToken", session.sessionToken), session);
    });

    await t.test("verification token", async () => {
      const token = { identifier: given.email, token: `${name} token`, expires: times.verified };
      assertAnswer(name, "tokens", await adapter.createVerificationToken({ ...token }), token);
      assertColumns(name, "tokens", await row("tokens", "token", token.token), token);
      assertAnswer(name, "tokens", await adapter.useVerificationToken({ identifier: token.identifier, token: token.token }), token);
    });

    if (of.authenticators) {
      await t.test("authenticator", async () => {
        const authenticator = {
          credentialID: `${name} credential`, userId: id, providerAccountId: `${name}:1`, credentialPublicKey: "a key", counter: 0,
          credentialDeviceType: "multiDevice", credentialBackedUp: true, transports: "internal,hybrid",
        };
        assertAnswer(name, "authenticators", await adapter.createAuthenticator({ ...authenticator }), authenticator);
        assertColumns(name, "authenticators", await row("authenticators", "credentialID", authenticator.credentialID), authenticator);
      });
    }
    await adapter.deleteUser(id);
    assert.equal(await adapter.getUser(id) ?? null, null);
  } finally {
    await pool.end();
  }
}

test("what is read back is what was given", (t) =>
  withDatabase(async ({ admin, app, owner }) => {
    await t.test("each adapter has its own tables alone", async () => {
      const { rows } = await admin.query("SELECT adapter, views::text[] FROM nextauth.adapters");
      for (const { adapter, views } of rows) {
        const { users, accounts, sessions, tokens, authenticators } = tables[adapter];
        assert.deepEqual(new Set(views), new Set([users, accounts, sessions, tokens, authenticators].filter(Boolean)), adapter);
      }
    });
    for (const extended of [false, true]) {
      if (extended) await owner.query("SELECT nextauth.extend_model('User', $1)", [definitions]);
      for (const { name, schema, skip, ...traits } of adapters) {
        await t.test(`${name}${extended ? ", with columns of the application's own" : ""}`, { skip }, async (t) => {
          const { adapter, close } = await traits.open.call({ schema }, app, extended ? custom : undefined);
          try {
            await exercise(t, name, { adapter, app, schema, extended });
          } finally {
            await close();
          }
        });
      }
    }
  }, { idType: "text", adapters: adapters.map(({ name }) => name) }));
