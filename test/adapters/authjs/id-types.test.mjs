// Ids of other types than text: serial ones, as next-auth 3 has them, and uuids.
import assert from "node:assert/strict";
import test from "node:test";
import { withDatabase } from "../helpers/database.mjs";
import { adapters } from "./adapters/index.mjs";
import { custom, definitions } from "./helpers/application.mjs";
import { describe, open } from "./helpers/declarations.mjs";
import { exerciseAll } from "./helpers/suite.mjs";

// Those whose libraries take ids for texts, unless they are told what describe_model() prints.
const told = { uuid: ["prisma", "drizzle"] };

const nobody = { integer: 0, bigint: 0, uuid: "00000000-0000-4000-8000-000000000000" };

for (const idType of Object.keys(nobody)) {
  const isTold = ({ name }) => told[idType]?.includes(name);
  const able = adapters.filter((adapter) => adapter.ids.includes(idType) || isTold(adapter));
  const run = { idType, adapters: able.map(({ name }) => name) };

  test(`${idType} ids`, (t) =>
    withDatabase(async ({ admin, owner, app }) => {
      const printed = (name) => ({ open: async () => open[name](app, await describe(owner, name)) });
      const exercised = able.map((adapter) => ({ ...adapter, ...(isTold(adapter) && printed(adapter.name)) }));
      await exerciseAll(t, exercised, { app, db: admin, nobody: nobody[idType] });

      for (const { name } of adapters.filter((adapter) => !able.includes(adapter))) {
        await t.test(`are refused for ${name}`, () =>
          assert.rejects(owner.query("SELECT nextauth.add_adapter($1)", [name]), { code: "0A000" }));
      }
      if (idType !== "integer") return;

      await t.test("custom columns", async (t) => {
        await owner.query("SELECT nextauth.extend_model('User', $1)", [JSON.stringify(definitions)]);
        await exerciseAll(t, able, { app, db: admin, nobody: nobody[idType], custom });
      });
    }, run));
}
