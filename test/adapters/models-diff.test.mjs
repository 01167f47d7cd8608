// TypeORM's schema diff stays empty for whole models as well: foreign keys, indices, constraints, built-in columns with options of
// their own, and however often a definition changes.
import assert from "node:assert/strict";
import test from "node:test";
import { withDatabase } from "./helpers/database.mjs";
import { cases, histories } from "./helpers/model-cases.mjs";
import { readSchemas } from "./helpers/models.mjs";
import { columnsOf, createByTypeORM, indexesOf, tables } from "./helpers/tables.mjs";
import { handWrittenModels, schemaDiff, throughAdapter, withTypeORM } from "./helpers/typeorm.mjs";

/** What TypeORM would run, given the catalog's models as they are and through the adapter. */
async function diffs(admin, place) {
  const schemas = await readSchemas(admin);
  return {
    catalog: await withTypeORM(place, { schemas: Object.values(schemas) }, schemaDiff),
    adapter: await withTypeORM(place, throughAdapter(schemas), schemaDiff),
  };
}

for (const { title, models, setup, fails, perpetual, unlike } of cases) {
  test(title, () =>
    withDatabase(async ({ admin, owner, app, superuser }) => {
      if (setup) await admin.query(`${setup}; GRANT ALL ON ALL TABLES IN SCHEMA nextauth TO ${owner.user}`);
      const definition = JSON.stringify(Object.fromEntries(Object.entries(models).map(([name, { columns, options }]) =>
        [name, { columns, ...options }])));
      const extend = async () => (await owner.query("SELECT * FROM nextauth.extend_models($1)", [definition])).rows;
      await extend();
      for (const row of await extend()) assert.equal(row.action, "unchanged", JSON.stringify(row));

      if (fails) {
        await assert.rejects(diffs(admin, app), fails);
        return;
      }
      for (const [from, queries] of Object.entries(await diffs(admin, app))) {
        if (perpetual) assert.notDeepEqual(queries, [], `cured, so the mark can go: ${perpetual}`);
        else assert.deepEqual(queries, [], `given the models from the ${from}`);
      }
      if (unlike) return;

      const own = handWrittenModels(models);
      await createByTypeORM(admin, superuser, own);
      for (const table of Object.values(tables)) {
        assert.deepEqual(byName(await columnsOf(admin, "nextauth", table)), byName(await columnsOf(admin, "typeorm", table)));
        assert.deepEqual(await indexesOf(admin, "nextauth", table), await indexesOf(admin, "typeorm", table));
      }
      // A team that keeps its own schema object sees no difference on our tables, either.
      assert.deepEqual(await withTypeORM(app, { ...throughAdapter(own), schema: "nextauth" }, schemaDiff), []);
    }));
}

for (const { title, steps } of histories) {
  test(`changes: ${title}`, (t) =>
    withDatabase(async ({ admin, owner, app }) => {
      for (const step of steps) {
        await t.test(JSON.stringify(step), async () => {
          const [columns, options = {}] = Array.isArray(step) ? step : [step];
          const extend = async () => (await owner.query("SELECT * FROM nextauth.extend_model('User', $1, $2)",
            [JSON.stringify(columns), JSON.stringify(options)])).rows;
          if (typeof step === "string") await owner.query(step);
          else await extend();
          assert.deepEqual(await diffs(admin, app), { catalog: [], adapter: [] });

          if (typeof step === "string") return;
          for (const row of await extend()) assert.equal(row.action, "unchanged", JSON.stringify(row));

          // The views' description of it changes nothing, either.
          const { rows } = await owner.query(`
            SELECT x.* FROM nextauth.custom_models m, nextauth.extend_model(m.model, m.columns, m.options) x
             WHERE x.action <> 'unchanged'`);
          assert.deepEqual(rows, []);
        });
      }
    }));
}

const byName = (columns) => columns.sort((a, b) => (a.name < b.name ? -1 : 1));
