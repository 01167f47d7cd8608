// Hasura is a server of its own, which is not run here: the views have what the adapter's GraphQL documents name.
import assert from "node:assert/strict";
import test from "node:test";
import { withDatabase } from "../helpers/database.mjs";
import * as documents from "./node_modules/@auth/hasura-adapter/lib/generated/graphql.js";

/** What the documents take these for, in PostgreSQL's words; everything else is a string. */
const types = {
  id: "uuid", userId: "uuid", expires_at: "integer", expires: "timestamp with time zone", emailVerified: "timestamp with time zone",
};
const strings = ["character varying", "text"];

test("the columns of the adapter's documents", (t) =>
  withDatabase(async ({ admin }) => {
    const fragments = Object.values(documents).map(String).flatMap((text) => [...text.matchAll(/fragment \w+ on (\w+) {([^}]*)}/g)]);
    assert.deepEqual(new Set(fragments.map(([, table]) => table)), new Set(["accounts", "sessions", "users", "verification_tokens"]));

    for (const [, table, fields] of new Map(fragments.map((fragment) => [fragment[1], fragment])).values()) {
      await t.test(table, async () => {
        const { rows } = await admin.query(`
          SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
           WHERE attrelid = ('nextauth_hasura.' || $1)::regclass AND attnum > 0`, [table]);
        const typeOf = Object.fromEntries(rows.map(({ name, type }) => [name, type]));
        assert.deepEqual(new Set(Object.keys(typeOf)), new Set(fields.trim().split(/\s+/)));
        for (const field of fields.trim().split(/\s+/)) {
          assert.ok([types[field] ?? strings].flat().includes(typeOf[field]), `${field}: ${typeOf[field]}`);
        }
      });
    }
  }, { idType: "uuid", adapters: ["hasura"] }));
