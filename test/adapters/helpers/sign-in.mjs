// People sign in, with a provider and by e-mail, at an application's own pages and with its own cookies.
import assert from "node:assert/strict";
import { custom } from "../authjs/helpers/application.mjs";
import { assertHas, assertRow } from "../authjs/helpers/suite.mjs";
import { openBrowser } from "./browser.mjs";
import { HOME } from "./next-auth.mjs";
import { startOpenIDProvider } from "./oidc-server.mjs";

export const DAY = 24 * 60 * 60;
export const MAX_AGE = 30 * DAY;

/**
 * The providers, which are four issuers of one server: people sign up with the first, and add the second to their account; the
 * trusted one may be added for its e-mail address alone, the strange one may not.
 */
export const issuers = ["first", "second", "trusted", "strange"];

const claimsOf = (email, issuer) => ({
  sub: `${issuer}|${email}`, name: "Ada Lovelace", email, email_verified: issuer !== "strange", picture: "https://example.com/ada.png",
  phone_number: custom.phoneNumber.given, newsletter: custom.newsletter.given, member_since: custom.memberSince.given,
});

/** What an application makes of a person's claims: its team's properties, and the profile with them in it. */
export const customOf = (claims) =>
  ({ phoneNumber: claims.phone_number, newsletter: claims.newsletter, memberSince: new Date(claims.member_since) });
export const profileOf = (claims) =>
  ({ id: claims.sub, name: claims.name, email: claims.email, image: claims.picture, ...customOf(claims) });

/** Starts the providers of a run. */
export const startProviders = () => startOpenIDProvider(claimsOf);

const later = (seconds) => new Date(Date.now() + seconds * 1000);

/** Asserts that a time is this far from now. Requests take their time. */
const assertFromNow = (time, seconds) => {
  const distance = Math.abs(new Date(time) - later(seconds));
  assert.ok(distance < 60_000, `${new Date(time).toISOString()} is ${distance / 1000} s off`);
};

/** Lets nobody through before so many have come. */
function gate(count) {
  let open;
  const opened = new Promise((resolve) => { open = resolve; });
  return () => {
    if (--count === 0) open();
    return opened;
  };
}

/**
 * Lets people sign in to an application, whose User has the properties that are custom there.
 * - `application`: what `applications` says of one; further `own: false` if the team's properties are not in its models, `trusts: false`
 *   if it adds no account for its e-mail address alone, `keepsTokens: false` if it keeps neither an identity token nor when the access
 *   token expires;
 * - `app`: where and as whom it connects;
 * - `db`: a pg client that sees the tables;
 * - `domain`: of the e-mail addresses of the people, who are of this application alone;
 * - `provider`: what startProviders() made.
 */
export async function signInTo(t, application, { app, db, domain, provider }) {
  const services = { issuer: provider.issuer, mail: [], beforeCreate: async () => {} };
  const { handle, close } = await application.open(app, { ...services, beforeCreate: () => services.beforeCreate() });
  try {
    await exercise(t, { application, handle, services, provider, db, domain });
  } finally {
    await close();
  }
}

async function exercise(t, { application, handle, services, provider, db, domain }) {
  const rows = async (table, column, value) =>
    (await db.query(`SELECT * FROM nextauth.${table} WHERE ${column} = $1 ORDER BY created_at`, [value])).rows;
  const row = async (...of) => (await rows(...of))[0];
  const person = () => application.pages(openBrowser(handle));
  const assertError = (page, error) => assert.equal(page.searchParams.get("error"), error);
  const assertHome = (page) => assert.equal(page.href, HOME);

  const own = application.own === false ? [] : Object.entries(custom);
  const state = application.writesCustom === false ? "initial" : "given";

  const ada = `ada@${domain}`;
  const browser = person();
  let user;
  const setExpires = (expires) => db.query("UPDATE nextauth.sessions SET expires = $1 WHERE user_id = $2", [expires, user.id]);

  await t.test("a first sign-in makes a user, their account and a session", async () => {
    assert.equal(await browser.session(), null);
    assertHome(await browser.signIn("first", ada));
    user = await row("users", "email", ada);
    const { sub, name, picture } = claimsOf(ada, "first");
    assertRow(user, { name, image: picture, ...Object.fromEntries(own.map(([, p]) => [p.column, p[state]])) });

    const [account, ...others] = await rows("accounts", "user_id", user.id);
    assert.deepEqual(others, []);
    const { refresh_token, id_token, expires_in } = provider.tokens.get(account.access_token);
    assertRow(account, { provider_id: "first", provider_account_id: sub, refresh_token });
    if (application.keepsTokens !== false) {
      assertRow(account, { id_token, expires_at: Math.floor(account.access_token_expires / 1000) });
      assertFromNow(account.access_token_expires, expires_in);
    }

    const [{ expires }, ...more] = await rows("sessions", "user_id", user.id);
    assert.deepEqual(more, []);
    assertFromNow(expires, MAX_AGE);
  });

  await t.test("the session is the user's", async () => {
    const { user: found, expires } = await browser.session();
    const ofTeam = Object.fromEntries(own.map(([property, p]) => [property, p[state]]));
    assertHas(found, JSON.parse(JSON.stringify({ id: user.id, name: user.name, email: ada, image: user.image, ...ofTeam })));
    assert.deepEqual(new Date(expires), (await row("sessions", "user_id", user.id)).expires);
  });

  await t.test("a second sign-in is the same user, in a session of its own", async () => {
    const elsewhere = person();
    assertHome(await elsewhere.signIn("first", ada));
    assert.equal((await elsewhere.session()).user.id, user.id);
    assert.equal((await rows("users", "email", ada)).length, 1);
    assert.equal((await rows("accounts", "user_id", user.id)).length, 1);
    assert.equal((await rows("sessions", "user_id", user.id)).length, 2);
    await elsewhere.signOut();
    assert.equal(await elsewhere.session(), null);
    assert.equal((await rows("sessions", "user_id", user.id)).length, 1);
  });

  const providersOf = async () => (await rows("accounts", "user_id", user.id)).map(({ provider_id }) => provider_id);

  await t.test("a second provider is linked by who is signed in", async () => {
    assertHome(await browser.link("second", ada));
    assert.deepEqual(await providersOf(), ["first", "second"]);
    assert.equal((await browser.session()).user.id, user.id);
    const elsewhere = person();
    assertHome(await elsewhere.signIn("second", ada));
    assert.equal((await elsewhere.session()).user.id, user.id);
    await elsewhere.signOut();
  });

  await t.test("an e-mail address that is somebody's links nothing", async () => {
    assertError(await person().signIn("strange", ada), application.errors.taken);
    assert.deepEqual(await providersOf(), ["first", "second"]);
    assert.equal((await rows("users", "email", ada)).length, 1);
  });

  if (application.trusts !== false) {
    await t.test("unless the provider is trusted", async () => {
      const elsewhere = person();
      assertHome(await elsewhere.signIn("trusted", ada));
      assert.equal((await elsewhere.session()).user.id, user.id);
      assert.deepEqual(await providersOf(), ["first", "second", "trusted"]);
      await elsewhere.signOut();
    });
  }

  await t.test("ten first sign-ins at once make one user", async () => {
    const eve = `eve@${domain}`;
    const people = Array.from({ length: 10 }, person);
    services.beforeCreate = gate(10);
    const pages = await Promise.all(people.map((one) => one.signIn("first", eve)));
    services.beforeCreate = async () => {};
    const [home, ...errors] = pages.sort((a, b) => a.searchParams.has("error") - b.searchParams.has("error"));
    assertHome(home);
    for (const page of errors) assertError(page, application.errors.late);

    const [{ id }, ...others] = await rows("users", "email", eve);
    assert.deepEqual(others, []);
    assert.equal((await rows("accounts", "user_id", id)).length, 1);
    assert.equal((await rows("accounts", "provider_account_id", `first|${eve}`)).length, 1);
    assert.equal((await rows("sessions", "user_id", id)).length, 1);

    // Whoever came too late is the same user at the next try.
    for (const page of await Promise.all(people.map((one) => one.signIn("first", eve)))) assertHome(page);
    for (const one of people) assert.equal((await one.session()).user.id, id);
    assert.equal((await rows("accounts", "user_id", id)).length, 1);
  });

  await t.test("a link by e-mail works once, for who is new and for who is not", async () => {
    for (const email of [`new@${domain}`, ada]) {
      const here = person();
      await here.askForLink(email);
      const link = services.mail.pop();
      assertHome(await here.open(link));
      const { user: found } = await here.session();
      const { id, email_verified } = await row("users", "email", email);
      assert.equal(found.id, id);
      assertFromNow(email_verified, 0);
      assertError(await person().open(link), application.errors.used);
      await here.signOut();
    }
    assert.equal((await rows("users", "email", ada)).length, 1);
  });

  await t.test("a link by e-mail works for a day", async () => {
    const here = person();
    await here.askForLink(ada);
    await db.query("UPDATE nextauth.verification_requests SET expires = now() - interval '1 second'");
    assertError(await here.open(services.mail.pop()), application.errors.used);
    assert.equal(await here.session(), null);
  });

  await t.test("a session is prolonged once a day", async () => {
    const kept = later(MAX_AGE - DAY + 3600);
    await setExpires(kept);
    await browser.session();
    assert.deepEqual((await row("sessions", "user_id", user.id)).expires, kept);
    await setExpires(later(MAX_AGE - DAY - 3600));
    assert.ok(await browser.session());
    const { expires } = await row("sessions", "user_id", user.id);
    assertFromNow(expires, MAX_AGE);
    assert.deepEqual(new Date((await browser.session()).expires), expires);
  });

  await t.test("a session that has expired is gone", async () => {
    await setExpires(later(-1));
    assert.equal(await browser.session(), null);
    assert.deepEqual(await rows("sessions", "user_id", user.id), []);
    assertHome(await browser.signIn("first", ada));
    assert.equal((await browser.session()).user.id, user.id);
  });

  await t.test("signing out deletes the session", async () => {
    await browser.signOut();
    assert.equal(await browser.session(), null);
    assert.deepEqual(await rows("sessions", "user_id", user.id), []);
  });
}
