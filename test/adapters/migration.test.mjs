// A team moves from next-auth 3 to Auth.js: both serve the same users at the same time, and no row is moved.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { TypeORM } from "next-auth/adapters";
import { getConnection } from "typeorm";
import pgAdapter from "./authjs/adapters/pg.mjs";
import { startAdapter } from "./helpers/adapter-suite.mjs";
import { withDatabase } from "./helpers/database.mjs";

const DAY = 24 * 60 * 60;
const SECRET = "a secret";
const hashed = (token) => createHash("sha256").update(`${token}${SECRET}`).digest("hex"); // what both make of a token
const later = new Date("2035-12-31T23:59:59.001Z");

for (const { title, idType, ownModels, convert } of [
  { title: "serial ids", idType: "integer", ownModels: true },
  { title: "serial ids that become texts", idType: "integer", convert: "text" },
  { title: "text ids", idType: "text" },
]) {
  test(`next-auth 3.29.10 and @auth/pg-adapter, ${title}`, (t) =>
    withDatabase(async ({ admin, owner, app }) => {
      const start = async () => (await startAdapter(TypeORM, { ownModels }, app)).api;
      let old = await start();
      let close;
      try {
        const before = await signUp(old);
        await owner.query("SELECT nextauth.add_adapter('pg')");
        await admin.query("SELECT nextauth.grant_adapter($1)", [app.user]);
        if (convert) {
          // Its models tell next-auth 3 what an id is.
          await getConnection("nextauth").close();
          await owner.query("SELECT nextauth.convert_ids($1)", [convert]);
          old = await start();
          before.user.id = `${before.user.id}`;
        }
        const { adapter: today, ...opened } = await pgAdapter.open(app);
        close = opened.close;
        await serve(t, { old, today, before, db: admin });
      } finally {
        await close?.();
        if (getConnection("nextauth").isConnected) await getConnection("nextauth").close();
      }
    }, { idType }));
}

/** Somebody signs up while there is nothing but next-auth 3. */
async function signUp(old) {
  const user = await old.createUser({ name: "Ada", email: "ada@example.com", image: "https://example.com/ada.png", emailVerified: new Date() });
  await old.linkAccount(user.id, "github", "oauth", "ada", "refresh", "access", later);
  return { user, session: await old.createSession(user) };
}

async function serve(t, { old, today, before, db }) {
  const row = async (table, column, value) => (await db.query(`SELECT * FROM nextauth.${table} WHERE ${column} = $1`, [value])).rows[0];
  const { user: ada, session: adasSession } = before;
  const pick = ({ id, name, email, image, emailVerified }) => ({ id, name, email, image, emailVerified });

  await t.test("Auth.js finds who signed up before, and their session", async () => {
    assert.deepEqual(pick(await today.getUser(ada.id)), pick(ada));
    assert.deepEqual(pick(await today.getUserByEmail(ada.email)), pick(ada));
    assert.deepEqual(pick(await today.getUserByAccount({ provider: "github", providerAccountId: "ada" })), pick(ada));
    const { session, user } = await today.getSessionAndUser(adasSession.sessionToken);
    assert.deepEqual([session.expires, session.userId, user.id], [adasSession.expires, ada.id, ada.id]);
    assert.equal((await row("accounts", "user_id", ada.id)).provider_type, "oauth");
  });

  let eve;
  const evesSession = { sessionToken: "a session token", expires: later };
  await t.test("next-auth 3 finds who signs up with Auth.js, and her session", async () => {
    eve = await today.createUser({ name: "Eve", email: "eve@example.com", image: null, emailVerified: later });
    await today.linkAccount({
      userId: eve.id, type: "oidc", provider: "github", providerAccountId: "eve", access_token: "access", expires_at: 1893456000,
    });
    await today.createSession({ ...evesSession, userId: eve.id });
    assert.deepEqual(pick(await old.getUser(eve.id)), eve);
    assert.deepEqual(pick(await old.getUserByEmail(eve.email)), eve);
    assert.deepEqual(pick(await old.getUserByProviderAccountId("github", "eve")), eve);
    const { userId, expires, accessToken } = await old.getSession(evesSession.sessionToken);
    assert.deepEqual({ userId, expires }, { userId: eve.id, expires: later });
    assert.match(accessToken, /^[0-9a-f]{64}$/);
    await assert.rejects(old.linkAccount(ada.id, "github", "oauth", "eve"), { code: "23505" });
    const { access_token_expires } = await row("accounts", "provider_account_id", "eve");
    assert.deepEqual(access_token_expires, new Date(1893456000 * 1000));
  });

  await t.test("next-auth 3 links an account after that, too", async () => {
    await old.linkAccount(eve.id, "gitlab", "oauth", "eve", null, "access", later);
    assert.equal((await today.getUserByAccount({ provider: "gitlab", providerAccountId: "eve" })).id, eve.id);
    assert.equal((await row("accounts", "provider_id", "gitlab")).expires_at, Math.floor(later / 1000));
  });

  await t.test("each sees what the other changes", async () => {
    await old.updateUser({ ...(await old.getUser(ada.id)), name: "Ada King" });
    assert.equal((await today.getUser(ada.id)).name, "Ada King");
    await today.updateUser({ id: ada.id, emailVerified: later });
    assert.deepEqual((await old.getUser(ada.id)).emailVerified, later);
    await today.updateSession({ sessionToken: adasSession.sessionToken, expires: later });
    assert.deepEqual((await old.getSession(adasSession.sessionToken)).expires, later);
    const { expires } = await old.updateSession(await old.getSession(evesSession.sessionToken), true);
    assert.deepEqual((await today.getSessionAndUser(evesSession.sessionToken)).session.expires, expires);
  });

  await t.test("a token that the one sends by e-mail is good for the other", async () => {
    const identifier = "new@example.com";
    const provider = { id: "email", maxAge: DAY, sendVerificationRequest: async () => {} };
    await old.createVerificationRequest(identifier, "https://app.example/callback", "one", SECRET, provider);
    assert.equal((await today.useVerificationToken({ identifier, token: hashed("one") })).identifier, identifier);
    assert.equal(await old.getVerificationRequest(identifier, "one", SECRET, provider), undefined);

    await today.createVerificationToken({ identifier, token: hashed("two"), expires: later });
    assert.deepEqual((await old.getVerificationRequest(identifier, "two", SECRET, provider)).expires, later);
    await old.deleteVerificationRequest(identifier, "two", SECRET, provider);
    assert.equal(await today.useVerificationToken({ identifier, token: hashed("two") }), null);
  });

  await t.test("who signs out is signed out of both", async () => {
    await old.deleteSession(evesSession.sessionToken);
    assert.equal(await today.getSessionAndUser(evesSession.sessionToken), null);
    await today.deleteSession(adasSession.sessionToken);
    assert.equal(await old.getSession(adasSession.sessionToken), undefined);
  });

  await t.test("who is deleted is unknown to both", async () => {
    await today.deleteUser(ada.id);
    assert.equal(await old.getUserByProviderAccountId("github", "ada"), null);
    assert.equal(await old.getUser(ada.id), undefined);
    assert.equal(await row("accounts", "user_id", ada.id), undefined);
  });
}
