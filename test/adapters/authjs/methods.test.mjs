// The adapter of doc/methods/authjs.md over the functions of the database: all that Auth.js's own suite asserts, and the team's columns.
import assert from "node:assert/strict";
import test from "node:test";
import { withDatabase } from "../helpers/database.mjs";
import methods, { source } from "./adapters/methods.mjs";
import { custom, definitions } from "./helpers/application.mjs";
import { exerciseAll, oauthAccount, times } from "./helpers/suite.mjs";

/** Those whose columns and tables the methods can write, too. */
const beside = { integer: ["pg"], bigint: ["pg"], uuid: ["pg", "prisma"], text: ["pg", "prisma"] };

test("the adapter has at most 60 lines and imports nothing", () => {
  assert.ok(source.trimEnd().split("\n").length <= 60);
  assert.doesNotMatch(source, /\bimport\b|\brequire\b/);
});

test("the adapter has every method of Auth.js's contract", () =>
  withDatabase(async ({ app }) => {
    const { adapter, close } = await methods.open(app);
    await close();
    assert.deepEqual(Object.keys(adapter).filter((name) => typeof adapter[name] === "function").sort(), [
      "createAuthenticator", "createSession", "createUser", "createVerificationToken", "deleteSession", "deleteUser", "getAccount",
      "getAuthenticator", "getSessionAndUser", "getUser", "getUserByAccount", "getUserByEmail", "linkAccount", "listAuthenticatorsByUserId",
      "unlinkAccount", "updateAuthenticatorCounter", "updateSession", "updateUser", "useVerificationToken",
    ]);
  }));

/** An id that no user has. */
const nobody = { integer: "0", bigint: "0", uuid: "00000000-0000-4000-8000-000000000000", text: "nobody" };

/** The adapter, without WebAuthn's methods where nothing has made their table. */
const adapterOf = (idType) => ({
  ...methods,
  async open(...of) {
    const { adapter: { createAuthenticator, ...adapter }, close } = await methods.open(...of);
    return { adapter: beside[idType].includes("prisma") ? { createAuthenticator, ...adapter } : adapter, close };
  },
});

for (const idType of methods.ids) {
  test(`every method, ${idType} ids`, (t) =>
    withDatabase(async ({ admin, owner, app }) => {
      await exerciseAll(t, [adapterOf(idType)], { app, db: admin, nobody: nobody[idType] });
      await owner.query("SELECT nextauth.extend_model('User', $1)", [definitions]);
      await exerciseAll(t, [adapterOf(idType)], { app, db: admin, nobody: nobody[idType], custom });
    }, { idType, adapters: beside[idType] }));
}

test("an answer has what was given and an id, and nothing else", (t) =>
  withDatabase(async ({ owner, app }) => {
    await owner.query("SELECT nextauth.extend_model('User', $1)", [definitions]);
    const { adapter, close } = await methods.open(app, custom);
    const has = (answer, given) => assert.deepEqual(answer, "id" in answer ? { id: answer.id, ...given } : given);
    try {
      const given = { name: "Ada", email: "ada@example.com", image: "https://example.com/ada.png", emailVerified: times.verified };
      const own = (state) => Object.fromEntries(Object.entries(custom).map(([property, p]) => [property, p[state]]));

      const created = await adapter.createUser({ id: crypto.randomUUID(), ...given, ...own("given") });
      const user = { id: created.id, ...given, ...own("given") };
      const changed = { ...user, name: "Ada King", ...own("changed") };
      await t.test("users", async () => {
        assert.deepEqual(created, user);
        for (const read of [await adapter.getUser(user.id), await adapter.getUserByEmail(user.email)]) assert.deepEqual(read, user);
        assert.deepEqual(await adapter.updateUser({ id: user.id, name: "Ada King", email: undefined, ...own("changed") }), changed);
        assert.equal(await adapter.updateUser({ id: "nobody", name: "Eve" }), null);
      });

      await t.test("what is not there is null", async () => {
        const answers = {
          getUser: await adapter.getUser("nobody"), getUserByEmail: await adapter.getUserByEmail("nobody"),
          getUserByAccount: await adapter.getUserByAccount({ provider: "none", providerAccountId: "0" }),
          getAccount: await adapter.getAccount("0", "none"), getSessionAndUser: await adapter.getSessionAndUser("none"),
          getAuthenticator: await adapter.getAuthenticator("none"), deleteSession: await adapter.deleteSession("none"),
          unlinkAccount: await adapter.unlinkAccount({ provider: "none", providerAccountId: "0" }), deleteUser: await adapter.deleteUser("nobody"),
        };
        assert.deepEqual(answers, Object.fromEntries(Object.keys(answers).map((method) => [method, null])));
      });

      const account = { userId: user.id, ...oauthAccount, providerAccountId: "1" };
      await t.test("accounts", async () => {
        has(await adapter.linkAccount(account), account);
        has(await adapter.getAccount(account.providerAccountId, account.provider), account);
        for (const [id, provider] of [["0", account.provider], [account.providerAccountId, "gitlab"], ["0", "gitlab"]]) {
          assert.equal(await adapter.getAccount(id, provider), null);
          assert.equal(await adapter.getUserByAccount({ provider, providerAccountId: id }), null);
        }
        assert.deepEqual(await adapter.getUserByAccount(account), changed);

        const bare = { userId: user.id, type: "oauth", provider: "auth0", providerAccountId: "1" };
        const untold = Object.fromEntries(Object.keys(oauthAccount).filter((name) => !(name in bare)).map((name) => [name, null]));
        await adapter.linkAccount(bare);
        has(await adapter.getAccount("1", "auth0"), { ...untold, ...bare });
      });

      const session = { sessionToken: "a session", userId: user.id, expires: times.verified };
      await t.test("sessions", async () => {
        has(await adapter.createSession(session), session);
        session.expires = times.later;
        has(await adapter.updateSession({ sessionToken: session.sessionToken, expires: session.expires }), session);
        const found = await adapter.getSessionAndUser(session.sessionToken);
        has(found.session, session);
        assert.deepEqual(found.user, changed);
        assert.equal(await adapter.updateSession({ sessionToken: "none", expires: times.later }), null);
      });

      await t.test("a session that has expired is not found", async () => {
        await adapter.createSession({ ...session, sessionToken: "expired", expires: new Date(Date.now() - 1000) });
        assert.equal(await adapter.getSessionAndUser("expired"), null);
      });

      await t.test("verification tokens", async () => {
        const token = { identifier: given.email, token: "a token", expires: times.verified };
        has(await adapter.createVerificationToken(token), token);
        assert.equal(await adapter.useVerificationToken({ ...token, identifier: "eve@example.com" }), null);
        has(await adapter.useVerificationToken(token), token);
        assert.equal(await adapter.useVerificationToken(token), null);
      });

      await t.test("authenticators", async () => {
        const authenticator = {
          credentialID: "a credential", userId: user.id, providerAccountId: "1", credentialPublicKey: "a key", counter: 0,
          credentialDeviceType: "multiDevice", credentialBackedUp: true, transports: null,
        };
        has(await adapter.createAuthenticator(authenticator), authenticator);
        has(await adapter.getAuthenticator("a credential"), authenticator);
        assert.deepEqual(await adapter.listAuthenticatorsByUserId("nobody"), []);
        const grace = await adapter.createUser({ email: "grace@example.com" });
        const others = [{ ...authenticator, credentialID: "another" }, { ...authenticator, credentialID: "Grace's", userId: grace.id }];
        for (const other of others) await adapter.createAuthenticator(other);
        const listed = async (id) => (await adapter.listAuthenticatorsByUserId(id)).map(({ id: made, ...rest }) => rest);
        assert.deepEqual(await listed(user.id), [authenticator, others[0]]);
        assert.deepEqual(await listed(grace.id), [others[1]]);
        has(await adapter.updateAuthenticatorCounter("a credential", 7), { ...authenticator, counter: 7 });
        assert.deepEqual(await listed(user.id), [{ ...authenticator, counter: 7 }, others[0]]);
        await assert.rejects(() => adapter.updateAuthenticatorCounter("no credential", 1), /no such authenticator/);
      });

      await t.test("a property that User does not have is an error, and makes no user", async () => {
        const eve = { email: "eve@example.com", phoneNumbers: "0" };
        await assert.rejects(() => adapter.createUser(eve), { code: "42703", hint: 'Perhaps you meant the property "phoneNumber".' });
        assert.equal(await adapter.getUserByEmail(eve.email), null);
      });

      await t.test("unlinkAccount and deleteUser do it", async () => {
        has(await adapter.unlinkAccount(account), account);
        assert.equal(await adapter.getAccount(account.providerAccountId, account.provider), null);
        assert.deepEqual(await adapter.deleteUser(user.id), changed);
        assert.equal(await adapter.getUser(user.id), null);
        assert.equal(await adapter.getSessionAndUser(session.sessionToken), null);
      });
    } finally {
      await close();
    }
  }, { idType: "text", adapters: beside.text }));

test("times are the same in every time zone of the database", () =>
  withDatabase(async ({ admin, owner, app }) => {
    await admin.query(`ALTER DATABASE ${app.database} SET timezone = 'Asia/Kolkata'`);
    await owner.query("SELECT nextauth.extend_model('User', $1)", [definitions]);
    const { adapter, close } = await methods.open(app, custom);
    try {
      const { memberSince: { given: memberSince } } = custom;
      const { id } = await adapter.createUser({ email: "ada@example.com", emailVerified: times.verified, memberSince });
      const read = await adapter.getUser(id);
      assert.deepEqual([read.emailVerified, read.memberSince], [times.verified, memberSince]);
    } finally {
      await close();
    }
  }, { idType: "text", adapters: ["pg"] }));
