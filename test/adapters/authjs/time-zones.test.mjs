// Who writes, who reads and the database are in three time zones.
import assert from "node:assert/strict";
import test from "node:test";
import { withDatabase } from "../helpers/database.mjs";
import { inZone } from "../helpers/time-zone.mjs";
import betterAuth from "./adapters/better-auth.mjs";
import pg from "./adapters/pg.mjs";
import { setCookies } from "./helpers/cookies.mjs";
import { times } from "./helpers/suite.mjs";

const ORIGIN = "https://app.example";

/** A database in New York, with adopted tables whose times, written in `zone`, have no time zone. */
const withZonelessTables = (zone, use) =>
  withDatabase(async ({ admin, owner, app, ...rest }) => {
    await admin.query(`ALTER DATABASE ${app.database} SET timezone = 'America/New_York'`);
    await admin.query("SET client_min_messages = error");
    await admin.query(`
      CREATE SCHEMA own AUTHORIZATION ${owner.user};
      GRANT USAGE ON SCHEMA own TO ${app.user};
      CREATE TABLE own.users (LIKE nextauth.users INCLUDING ALL);
      CREATE TABLE own.sessions (LIKE nextauth.sessions INCLUDING ALL);
      ALTER TABLE own.users ALTER email_verified TYPE timestamp, ALTER created_at TYPE timestamp, ALTER updated_at TYPE timestamp;
      ALTER TABLE own.sessions ALTER expires TYPE timestamp, ALTER created_at TYPE timestamp, ALTER updated_at TYPE timestamp;
      ALTER TABLE own.users OWNER TO ${owner.user};
      ALTER TABLE own.sessions OWNER TO ${owner.user};
      GRANT SELECT, INSERT, UPDATE, DELETE ON own.users, own.sessions TO ${app.user};
      SELECT nextauth.adopt_model('User', 'own.users'), nextauth.adopt_model('Session', 'own.sessions');
      INSERT INTO own.users (id, email, email_verified) VALUES ('ada', 'ada@example.com', '${times.verified.toJSON()}'::timestamptz AT TIME ZONE '${zone}');
      INSERT INTO own.sessions (user_id, expires, session_token, access_token)
      VALUES ('ada', '${times.later.toJSON()}'::timestamptz AT TIME ZONE '${zone}', 'kept', 'kept');`);
    await use({ admin, owner, app, ...rest });
  }, { idType: "text" });

/** Adds an adapter as its error says, in the zone that the times were written in. */
async function addAdapter({ admin, owner, app }, adapter, zone) {
  for (let refusals = 0; ; refusals++) {
    try {
      await owner.query("SELECT nextauth.add_adapter($1)", [adapter]);
      await admin.query("SELECT nextauth.grant_adapter($1)", [app.user]);
      return refusals;
    } catch ({ code, hint }) {
      await owner.query("ROLLBACK");
      assert.equal(code, "55000");
      await owner.query(hint.split(", with the time zone")[0].replaceAll("'UTC'", `'${zone}'`));
    }
  }
}

for (const zone of ["UTC", "Europe/Berlin"]) {
  test(`pg: times that were written in ${zone}`, () =>
    withZonelessTables(zone, async (place) => {
      assert.equal(await addAdapter(place, "pg", zone), 2);
      const open = (readerZone, use) => inZone(readerZone, async () => {
        const { adapter, close } = await pg.open(place.app);
        try {
          return await use(adapter);
        } finally {
          await close();
        }
      });
      await open("UTC", (adapter) => adapter.createSession({ sessionToken: "new", userId: "ada", expires: times.later }));
      for (const readerZone of ["UTC", "Asia/Tokyo", "America/New_York"]) {
        await open(readerZone, async (adapter) => {
          for (const token of ["kept", "new"]) {
            const { session, user } = await adapter.getSessionAndUser(token);
            assert.deepEqual([session.expires, user.emailVerified], [times.later, times.verified], `${token} in ${readerZone}`);
          }
        });
      }
    }));
}

test("better-auth: a session ends when it ends", () =>
  withZonelessTables("UTC", async (place) => {
    assert.equal(await addAdapter(place, "better-auth", "UTC"), 2);
    const send = (auth, path, body, cookie = "") => auth.handler(new Request(`${ORIGIN}/api/auth${path}`, {
      method: body ? "POST" : "GET", body: body && JSON.stringify(body), headers: { origin: ORIGIN, "content-type": "application/json", cookie },
    }));
    const open = (zone, use) => inZone(zone, async () => {
      const { auth, close } = await betterAuth.open(place.app);
      try {
        return await use(auth);
      } finally {
        await close();
      }
    });

    const cookie = await open("UTC", async (auth) => {
      const answer = await send(auth, "/sign-up/email", { name: "Grace", email: "grace@example.com", password: "correct horse battery staple" });
      assert.equal(answer.status, 200);
      return setCookies(answer.headers).map((line) => line.split(";")[0]).join("; ");
    });
    const inTable = async () =>
      (await place.admin.query("SELECT expires FROM own.sessions s JOIN own.users u ON u.id = user_id WHERE email = 'grace@example.com'")).rows[0].expires;
    for (const zone of ["America/New_York", "Asia/Tokyo"]) {
      const { session } = await open(zone, async (auth) => (await send(auth, "/get-session", undefined, cookie)).json());
      assert.equal(session.expiresAt, (await inTable()).toJSON(), zone);
    }
    // In New York it ended an hour ago, which is not yet so on a clock there.
    await place.admin.query("UPDATE own.sessions SET expires = now() - interval '1 hour'");
    assert.equal(await open("America/New_York", async (auth) => (await send(auth, "/get-session", undefined, cookie)).json()), null);
  }));
