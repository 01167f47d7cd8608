// The tables refuse what Postgres would: a bad value of each kind, on INSERT and on UPDATE, through the engine's own client.
import assert from "node:assert/strict";
import { withDatabase } from "../adapters/helpers/database.mjs";
import { createModels, extend, idTypeFor } from "./helpers/catalog.mjs";
import { mongodb, sqlEngines, testEach } from "./helpers/engines.mjs";
import { optionsOf, richOptions, richUser } from "./helpers/users.mjs";

const bad = (kind) => Object.entries(richUser).filter(([, { bad }]) => bad?.[kind]).map(([property, { bad }]) => [property, bad[kind]]);
const snakeCase = (property) => property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const uuid = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

testEach("a bad value of each kind is refused", sqlEngines, async (t, engine) =>
  withDatabase(async ({ owner }) => {
    await extend(owner, optionsOf(richUser), richOptions);
    const { client, exportRows } = await createModels(owner, engine);
    let users = 0;
    // The application gives the one that Postgres generates.
    const insert = (column, value) => client(`INSERT INTO users (email, public_id, ${column}) VALUES ('${++users}@example.com', '${uuid(users)}', ${value});`);
    await insert("name", "'Ada'");
    const before = await exportRows("users");

    for (const [column, value] of [...bad("sql").map(([property, value]) => [snakeCase(property), value]), ["age", "-1"], ["points", "666"]]) {
      await t.test(`${column}: ${value}`, async () => {
        await assert.rejects(insert(column, value));
        await assert.rejects(client(`UPDATE users SET ${column} = ${value};`));
        assert.deepEqual(await exportRows("users"), before);
      });
    }
    await t.test("an e-mail address twice", () => assert.rejects(client(`UPDATE users SET email = '1@example.com'; INSERT INTO users (email, public_id) VALUES ('1@example.com', '${uuid(0)}');`)));
    await t.test("null where there may be one", async () => {
      for (const { property, nullable } of optionsOf(richUser)) if (nullable) await client(`UPDATE users SET ${snakeCase(property)} = NULL;`);
    });
  }));

testEach("a bad value of each kind is refused", [mongodb], async (t, engine) =>
  withDatabase(async ({ owner }) => {
    await extend(owner, optionsOf(richUser), richOptions);
    const { client, exportRows } = await createModels(owner, engine);
    let users = 0;
    const times = "createdAt: new Date(), updatedAt: new Date()";
    const insert = (property, value) => client(`db.users.insertOne({ email: "${++users}@example.com", ${times}, ${property}: ${value} });`);
    await insert("name", '"Ada"');
    const before = await exportRows("users");

    for (const [property, value] of bad("mongodb")) {
      await t.test(`${property}: ${value}`, async () => {
        await assert.rejects(insert(property, value));
        await assert.rejects(client(`db.users.updateOne({}, { $set: { ${property}: ${value} } });`));
        assert.deepEqual(await exportRows("users"), before);
      });
    }
    await t.test("an e-mail address twice", () =>
      assert.rejects(client(`db.users.insertOne({ email: "1@example.com", ${times} });`), { code: 11000 }));
    await t.test("two users without one", () =>
      client(`db.users.insertMany([{ email: null, ${times} }, { email: null, ${times} }, { ${times} }, { ${times} }]);`));
    await t.test("null where there may be one", async () => {
      for (const { property, nullable } of optionsOf(richUser)) if (nullable) await client(`db.users.updateOne({}, { $set: { ${property}: null } });`);
    });
  }, { idType: idTypeFor(mongodb) }));
