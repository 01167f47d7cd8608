// A running application hears of every change of a model, and of nothing else, and can tell by a number whether its models are current.
import assert from "node:assert/strict";
import test from "node:test";
import { connect, withDatabase } from "./helpers/database.mjs";
import { readSchemas } from "./helpers/models.mjs";

const phoneNumber = { type: "varchar", nullable: true };
const role = { enum: ["user", "admin"], default: "user" };

/** What the application hears while `run` runs: the payloads, in order. */
async function heard(listener, run) {
  const payloads = [];
  const hear = ({ channel, payload }) => payloads.push(`${channel} ${payload}`);
  listener.on("notification", hear);
  await run();
  // Notifications come with the answer to whatever is asked next.
  await listener.query("SELECT");
  listener.off("notification", hear);
  return payloads;
}

test("an application that listens", (t) =>
  withDatabase(async ({ owner, app }) => {
    const listener = await connect(app);
    try {
      await listener.query("LISTEN nextauth");
      const versions = async () => {
        const { rows } = await listener.query("SELECT model, version FROM nextauth.models");
        return Object.fromEntries(rows.map(({ model, version }) => [model, Number(version)]));
      };
      const extend = (columns, options = {}) =>
        owner.query("SELECT nextauth.extend_model('User', $1, $2)", [JSON.stringify(columns), JSON.stringify(options)]);

      const none = { User: 0, Account: 0, Session: 0, VerificationRequest: 0 };
      let current = none;
      const step = (title, run, changed) =>
        t.test(title, async () => {
          assert.deepEqual(await heard(listener, run), changed.map((model) => `nextauth ${model}`));
          const expected = { ...current };
          for (const model of changed) expected[model]++;
          current = await versions();
          assert.deepEqual(current, expected);
        });
      const properties = async (model) => Object.keys((await readSchemas(listener))[model].columns);

      await t.test("nothing has changed at first", async () => assert.deepEqual(await versions(), none));

      await step("a new column", () => extend({ phoneNumber }), ["User"]);
      await t.test("is in the models when they are read again", async () => assert.ok((await properties("User")).includes("phoneNumber")));
      await step("the same definition again", () => extend({ phoneNumber }), []);
      await step("an altered column", () => extend({ phoneNumber: { ...phoneNumber, length: 30 } }), ["User"]);
      await t.test("is what the models say", async () => assert.equal((await readSchemas(listener)).User.columns.phoneNumber.length, 30));
      await step("what only an adapter understands", () => extend({ phoneNumber: { ...phoneNumber, length: 30, select: false } }), ["User"]);
      await step("a comment on a built-in column", () => extend({ name: { ...phoneNumber, comment: "a name" } }), ["User"]);
      await step("an index", () => extend({}, { indices: [{ columns: ["name"] }] }), ["User"]);
      await step("the same index again", () => extend({}, { indices: [{ columns: ["name"] }] }), []);
      await step("a plan", () => owner.query("SELECT nextauth.plan_model('User', $1)", [JSON.stringify({ role })]), []);

      const models = { User: { columns: { role } }, Account: { columns: { scope: phoneNumber } }, Session: { columns: {} } };
      const extendModels = () => owner.query("SELECT nextauth.extend_models($1)", [JSON.stringify(models)]);
      await step("several models", extendModels, ["User", "Account"]);
      await step("the same models again", extendModels, []);

      await step("a change that is rolled back", async () => {
        await owner.query("BEGIN");
        await extend({ lost: phoneNumber });
        await owner.query("ROLLBACK");
      }, []);
      await step("a definition that is refused", () => assert.rejects(extend({ name: { type: "int" } })), []);
      await step("a renamed property", () => owner.query("SELECT nextauth.rename_property('User', 'phoneNumber', 'mobile')"), ["User"]);
      await step("a column renamed by hand", () => owner.query("ALTER TABLE nextauth.users RENAME mobile TO cell_phone"), ["User"]);
      await step("a dropped property", () => owner.query("SELECT nextauth.drop_properties('User', 'mobile', 'role')"), ["User"]);
      await t.test("is not in the models any more", async () => {
        const left = await properties("User");
        for (const property of ["phoneNumber", "mobile", "role"]) assert.ok(!left.includes(property), property);
      });
    } finally {
      await listener.end();
    }
  }));
