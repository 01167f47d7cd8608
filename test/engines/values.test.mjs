// An application reads the same JavaScript values from another database as from Postgres, in whatever time zone it runs.
import assert from "node:assert/strict";
import { withDatabase } from "../adapters/helpers/database.mjs";
import { inZone } from "../adapters/helpers/time-zone.mjs";
import { createModels, extend, idTypeFor, schemasFor } from "./helpers/catalog.mjs";
import { engines, testEach } from "./helpers/engines.mjs";
import { postgres, withAdapter } from "./helpers/typeorm.mjs";
import { comparable, optionsOf, readOn, richUser, valuesOf } from "./helpers/users.mjs";

const zones = ["UTC", "America/New_York", "Asia/Kolkata"];
const email = "ada@example.com";
const values = valuesOf(richUser);

testEach("values", engines, async (t, engine) =>
  withDatabase(async ({ owner, app }) => {
    await extend(owner, optionsOf(richUser));
    await owner.query(`SELECT nextauth.grant_adapter('${app.user}')`);
    const places = [
      [postgres(app), await schemasFor(owner, { name: "postgres" })],
      [(await createModels(owner, engine)).connection, await schemasFor(owner, engine)],
    ];

    for (const writer of zones) {
      await t.test(`written in ${writer}`, async (t) => {
        const times = { emailVerified: new Date("2030-07-01T12:00:00.789Z"), trialEnds: new Date("2030-03-10T07:30:00.123Z") };
        for (const [connection, schemas] of places) {
          await inZone(writer, () => withAdapter(connection, schemas, async ({ api }) => {
            const user = await api.getUserByEmail(email) ?? await api.createUser({ email });
            await api.updateUser({ ...user, ...values, ...times });
          }));
        }
        for (const reader of zones) {
          const users = [];
          for (const [connection, schemas] of places) {
            users.push(await inZone(reader, () => withAdapter(connection, schemas, ({ api }) => api.getUserByEmail(email))));
          }
          await t.test(`read in ${reader}`, async (t) => {
            for (const [property, time] of Object.entries(times)) assert.deepEqual(users.map((user) => user[property]), [time, time]);
            for (const [property, p] of Object.entries(richUser).filter(([name]) => !(name in times))) {
              await t.test(property, () => {
                const [ofPostgres, ofEngine] = users.map((user) => comparable(user[property]));
                assert.deepEqual(ofPostgres, p.given);
                assert.deepEqual(ofEngine, readOn(engine, p));
              });
            }
          });
        }
      });
    }
  }, { idType: idTypeFor(engine) }));
