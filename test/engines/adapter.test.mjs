// next-auth 3's adapter on the other databases: with the models that it brings, which fail on two of them and lose fractions of
// seconds on a third, and with those that the catalog gives it, in tables made by the statements that the catalog prints.
import assert from "node:assert/strict";
import { withDatabase } from "../adapters/helpers/database.mjs";
import { exercise } from "./helpers/adapter-suite.mjs";
import { createModels, extend, idTypeFor, schemasFor } from "./helpers/catalog.mjs";
import { engines, testEach } from "./helpers/engines.mjs";
import { withAdapter } from "./helpers/typeorm.mjs";
import { optionsOf, richOptions, richUser, tutorialUser } from "./helpers/users.mjs";

/** What the adapter's own models do where they do not work. */
const flaws = {
  sqlite: /Data type "timestamp" in "User.emailVerified" is not supported by "sqljs" database/,
  mongodb: /The field 'sparse' has value sparse: null, which is not convertible to bool/,
};

testEach("the adapter's own models", engines, async (t, engine) => {
  const database = await engine.createDatabase();
  const own = withAdapter({ ...database.connection, synchronize: true }, undefined, (adapter) =>
    exercise(t, { engine, database, ...adapter, findsAnyCase: true, wholeSeconds: engine.name === "mariadb" }));
  await (engine.name in flaws ? assert.rejects(own, flaws[engine.name]) : own);
});

for (const [title, properties, options] of [
  ["the built-in models", {}],
  ["the tutorial's User", tutorialUser],
  ["a User of 30 columns", richUser, richOptions],
]) {
  testEach(title, engines, async (t, engine) =>
    withDatabase(async ({ owner }) => {
      await extend(owner, optionsOf(properties), options);
      const database = await createModels(owner, engine);
      await withAdapter(database.connection, await schemasFor(owner, engine), (adapter) =>
        exercise(t, { engine, database, properties, ...adapter }));
    }, { idType: idTypeFor(engine) }));
}

testEach("the models, made by TypeORM itself", engines, async (t, engine) =>
  withDatabase(async ({ owner }) => {
    await extend(owner, optionsOf(tutorialUser));
    const database = await engine.createDatabase();
    // TypeORM's own e-mail index counts users without an address on MongoDB, and finds addresses in any case on MySQL.
    const traits = { usersWithoutEmail: engine.name === "mongodb" ? 1 : 2, findsAnyCase: ["mysql", "mariadb"].includes(engine.name) };
    await withAdapter({ ...database.connection, synchronize: true }, await schemasFor(owner, engine), (adapter) =>
      exercise(t, { engine, database, properties: tutorialUser, ...adapter, ...traits }));
  }, { idType: idTypeFor(engine) }));
