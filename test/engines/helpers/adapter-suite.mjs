// All fifteen methods of next-auth 3's adapter, on any engine.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { BASE_URL, DAY, MAX_AGE, SECRET } from "./typeorm.mjs";
import { comparable, readOn, valuesOf } from "./users.mjs";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const later = (time, seconds) => new Date(time.getTime() + seconds * 1000);

/** SQLite's own times have no fractions. */
const wholeSecond = (time) => new Date(Math.floor(time / 1000) * 1000);

function assertBetween(time, from, to) {
  assert.ok(time instanceof Date, `${time} is no Date`);
  assert.ok(wholeSecond(from) <= time && time <= to, `${time.toISOString()} is not between ${from.toISOString()} and ${to.toISOString()}`);
}

/**
 * Calls the methods of `api`, and looks at the rows through the engine's own client.
 * - `engine`, `database`: as testEach() and createDatabase() give them;
 * - `api`, `connection`, `models`, `User`: as withAdapter() does;
 * - `properties`: what the application adds to User, as users.mjs has it;
 * - `usersWithoutEmail`: how many users may have no e-mail address: one, if the e-mail index counts them;
 * - `findsAnyCase`: e-mail addresses are found in whatever case;
 * - `wholeSeconds`: times lose their fractions.
 */
export async function exercise(t, {
  engine, database, api, connection, models, User,
  properties = {}, usersWithoutEmail = 2, findsAnyCase = false, wholeSeconds = false,
}) {
  const isMongo = engine.name === "mongodb";
  const { manager } = connection;
  const tables = { users: "users", accounts: "accounts", sessions: "sessions", requests: isMongo ? "verificationRequests" : "verification_requests" };
  const rows = async (table) => database.exportRows(tables[table]);
  const count = async (table) => (await rows(table)).length;
  const keyOf = (id) => (isMongo ? { _id: id } : { id });
  const unknown = isMongo ? "0123456789abcdef01234567" : 4711;
  const read = (time) => (wholeSeconds ? wholeSecond(time) : time);
  /** An id as JSON has it. */
  const plain = (id) => (isMongo ? String(id) : id);

  const assertUser = async (id, expected) => {
    const user = await api.getUser(id);
    assert.ok(user instanceof User);
    for (const [property, value] of Object.entries(expected)) {
      assert.deepEqual(comparable(user[property]), comparable(value), property);
    }
  };
  const own = Object.entries(properties);
  const given = Object.fromEntries(own.map(([property, p]) => [property, readOn(engine, p)]));
  const initial = Object.fromEntries(own.filter(([, p]) => !p.generated && !isMongo)
    .map(([property, p]) => [property, "initial" in p && typeof p.initial === "string" && engine.name in p ? Number(p.initial) : p.initial ?? null]));

  const profile = { name: "Ada Lovelace", email: "Ada@example.com", image: "https://example.com/ada.png" };
  let user;

  await t.test("createUser", async () => {
    const before = new Date();
    user = await api.createUser({ ...profile, id: 987654, emailVerified: true, ...valuesOf(properties) });
    assert.ok(user instanceof User);
    for (const time of [user.emailVerified, user.createdAt, user.updatedAt]) assertBetween(time, before, new Date());
    await assertUser(user.id, { ...profile, emailVerified: read(user.emailVerified), createdAt: user.createdAt, ...given });
    if (!isMongo) assert.equal(user.id, 1);
  });

  await t.test("createUser without anything", async () => {
    for (let n = 0; n < usersWithoutEmail; n++) {
      const { id } = await api.createUser({});
      await assertUser(id, { name: null, email: null, image: null, emailVerified: null, ...initial });
    }
    if (usersWithoutEmail === 1) await assert.rejects(api.createUser({}));
    assert.equal(await count("users"), 1 + usersWithoutEmail);
  });

  await t.test("getUser, getUserByEmail", async () => {
    assert.equal(plain((await api.getUserByEmail(profile.email)).id), plain(user.id));
    assert.equal((await api.getUserByEmail(profile.email.toUpperCase()))?.email, findsAnyCase ? profile.email : undefined);
    assert.equal(await api.getUserByEmail(""), null);
    assert.equal(await api.getUser(unknown), undefined);
  });

  await t.test("a second user with the same e-mail address is refused", async () => {
    const users = await count("users");
    await assert.rejects(api.createUser({ email: profile.email }));
    assert.equal(await count("users"), users);
  });

  await t.test("updateUser", async () => {
    const old = later(new Date(), -3600);
    await manager.update(User, keyOf(user.id), { updatedAt: old });
    const start = new Date();
    await api.updateUser({ ...(await api.getUser(user.id)), name: "Ada King", ...(given.phoneNumber && { phoneNumber: "+1" }) });
    const updated = await api.getUser(user.id);
    assertBetween(updated.updatedAt, start, new Date());
    await assertUser(user.id, { ...profile, createdAt: user.createdAt, ...given, name: "Ada King", ...(given.phoneNumber && { phoneNumber: "+1" }) });
  });

  await t.test("updateUser with an unknown id inserts a user", async () => {
    const users = await count("users");
    const { id } = await api.updateUser({ email: "new@example.com", ...(isMongo ? {} : { id: unknown }) });
    await assertUser(id, { email: "new@example.com", ...(isMongo ? {} : { name: null }) });
    assert.equal(await count("users"), users + 1);
  });

  await t.test("deleteUser does nothing", async () => {
    const users = await count("users");
    await api.deleteUser(user.id);
    assert.equal(await count("users"), users);
  });

  await t.test("linkAccount, getUserByProviderAccountId", async () => {
    const expires = new Date("2031-02-03T04:05:06.789Z");
    const linked = await api.linkAccount(user.id, "github", "oauth", 4711, "refresh", "access", expires);
    assert.equal(linked.compoundId, sha256("github:4711"));
    assert.deepEqual((await manager.findOne(models.Account.model, { compoundId: linked.compoundId })).accessTokenExpires, read(expires));
    assert.equal(plain((await api.getUserByProviderAccountId("github", 4711)).id), plain(user.id));
    assert.equal(await api.getUserByProviderAccountId("github", 4712), null);
    assert.equal(await api.getUserByProviderAccountId("gitlab", 4711), null);

    const { id } = await api.linkAccount(user.id, "email", "email", "ada");
    const account = await manager.findOne(models.Account.model, keyOf(id));
    for (const property of ["refreshToken", "accessToken", "accessTokenExpires"]) assert.equal(account[property] ?? null, null);
  });

  await t.test("an account cannot be linked twice", async () => {
    await assert.rejects(api.linkAccount(user.id, "github", "oauth", 4711));
    assert.equal(await count("accounts"), 2);
  });

  await t.test("unlinkAccount does nothing", async () => {
    await api.unlinkAccount(user.id, "github", 4711);
    assert.equal(await count("accounts"), 2);
  });

  let session;
  const update = (values) => manager.update(models.Session.model, { sessionToken: session.sessionToken }, values);

  await t.test("createSession, getSession", async () => {
    const before = new Date();
    session = await api.createSession(user);
    assertBetween(session.expires, later(before, MAX_AGE), later(new Date(), MAX_AGE));
    assert.match(session.sessionToken, /^[0-9a-f]{64}$/);
    const found = await api.getSession(session.sessionToken);
    assert.deepEqual([plain(found.userId), found.expires, found.accessToken], [plain(user.id), read(session.expires), session.accessToken]);
    assert.equal(await api.getSession("no such token"), undefined);
  });

  await t.test("updateSession before it is due", async () => {
    assert.equal(await api.updateSession(await api.getSession(session.sessionToken)), null);
    await api.updateSession({ ...(await api.getSession(session.sessionToken)), accessToken: "another" }, true);
    assert.equal((await api.getSession(session.sessionToken)).accessToken, "another");
  });

  await t.test("updateSession when it is due", async () => {
    await update({ expires: later(new Date(), MAX_AGE - DAY - 60) });
    const before = new Date();
    await api.updateSession(await api.getSession(session.sessionToken));
    assertBetween((await api.getSession(session.sessionToken)).expires, later(before, MAX_AGE), later(new Date(), MAX_AGE));
  });

  await t.test("getSession of an expired session deletes it", async () => {
    await update({ expires: later(new Date(), -2) });
    assert.equal(await api.getSession(session.sessionToken), null);
    assert.equal(await count("sessions"), 0);
  });

  await t.test("deleteSession", async () => {
    const [kept, gone] = [await api.createSession(user), await api.createSession(user)];
    await api.deleteSession(gone.sessionToken);
    assert.equal(await api.getSession(gone.sessionToken), undefined);
    assert.equal((await api.getSession(kept.sessionToken)).sessionToken, kept.sessionToken);
  });

  const identifier = "ada@example.com";
  const token = "a token";
  const sent = [];
  const provider = { id: "email", maxAge: DAY, sendVerificationRequest: async (message) => sent.push(message) };
  const request = () => api.createVerificationRequest(identifier, `${BASE_URL}/callback`, token, SECRET, provider);
  const find = (of = identifier, with_ = token) => api.getVerificationRequest(of, with_, SECRET, provider);

  await t.test("createVerificationRequest, getVerificationRequest", async () => {
    const before = new Date();
    await request();
    assert.deepEqual(sent, [{ identifier, url: `${BASE_URL}/callback`, token, baseUrl: BASE_URL, provider }]);
    for (let n = 0; n < 2; n++) { // it is not consumed
      const found = await find();
      assert.deepEqual([found.identifier, found.token], [identifier, sha256(token + SECRET)]);
      assertBetween(found.expires, later(before, DAY), later(new Date(), DAY));
    }
    assert.equal(await find(identifier, "another token"), undefined);
    assert.equal(await find("eve@example.com"), undefined);
  });

  await t.test("deleteVerificationRequest", async () => {
    await api.deleteVerificationRequest("eve@example.com", token, SECRET, provider);
    assert.equal(await count("requests"), 1);
    await api.deleteVerificationRequest(identifier, token, SECRET, provider);
    assert.equal(await count("requests"), 0);
  });

  await t.test("getVerificationRequest of an expired request deletes it", async () => {
    await request();
    await manager.update(models.VerificationRequest.model, { identifier }, { expires: later(new Date(), -2) });
    assert.equal(await find(), null);
    assert.equal(await count("requests"), 0);
  });
}
