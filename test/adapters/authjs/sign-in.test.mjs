// People sign in to applications as they are released. These share the users and have one role, which owns nothing; the database lives
// in another time zone than they do.
import test from "node:test";
import { withDatabase } from "../helpers/database.mjs";
import { signInTo, startProviders } from "../helpers/sign-in.mjs";
import { definitions } from "./helpers/application.mjs";
import { applications } from "./helpers/applications.mjs";

test("people sign in", (t) =>
  withDatabase(async ({ admin, owner, app }) => {
    await admin.query(`ALTER DATABASE ${app.database} SET timezone = 'America/New_York'`);
    await owner.query("SELECT nextauth.extend_model('User', $1)", [JSON.stringify(definitions)]);
    const provider = await startProviders();
    try {
      for (const [number, application] of applications.entries()) {
        await t.test(application.name, { skip: application.skip, timeout: 180_000 }, (t) =>
          signInTo(t, application, { app, db: admin, domain: `${number}.example`, provider }));
      }
    } finally {
      provider.close();
    }
  }, { idType: "text", adapters: [...new Set(applications.map(({ adapter }) => adapter))] }));
