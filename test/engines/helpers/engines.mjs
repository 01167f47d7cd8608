// The other databases that the models work with, and the tests that run on each of them that is installed.
import test, { after } from "node:test";
import { mariadb } from "./mariadb.mjs";
import { mongodb } from "./mongo.mjs";
import { mysql } from "./mysql.mjs";
import { sqlite } from "./sqlite.mjs";

export const sqlEngines = [sqlite, mariadb, mysql];
export const engines = [...sqlEngines, mongodb];
export { mongodb, sqlite };

/** One server of each engine for all tests of a process. */
const servers = new Map();
after(() => Promise.all([...servers.values()].map(async (started) => (await started.catch(() => undefined))?.stop())));

function startOnce(engine) {
  if (!servers.has(engine)) servers.set(engine, engine.start());
  return servers.get(engine);
}

/**
 * A test for each engine; it is skipped, with the reason, where that is not installed. An engine has
 *
 * - `name`: as entity_schemas() and describe_model() take it;
 * - `missing()`: why it cannot run here, undefined if it can;
 * - `start()`: starts a private server, which has `version`, `stop()` and
 * - `createDatabase()`: makes an empty database, which has
 *   - `connection`: TypeORM's options for it;
 *   - `client(script)`: runs statements through the engine's own client, fails if one does, and returns what it prints;
 *   - `exportRows(table)`: the rows as that client prints them for another database, an object of JSON for each.
 *
 * `use` is given the test's context and the engine with its `createDatabase()`.
 */
export function testEach(title, which, use) {
  for (const engine of which) {
    test(`${title} on ${engine.title}`, { skip: engine.missing() }, async (t) => {
      const { version, createDatabase } = await startOnce(engine);
      t.diagnostic(`${engine.title} ${version}`);
      await use(t, { ...engine, createDatabase });
    });
  }
}
