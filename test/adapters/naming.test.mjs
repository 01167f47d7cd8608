// Columns and UNIQUE constraints have the names that TypeORM computes.
import assert from "node:assert/strict";
import test from "node:test";
import { DefaultNamingStrategy } from "typeorm";
import { snakeCase } from "typeorm/util/StringUtils.js";
import { withDatabase } from "./helpers/database.mjs";

// Letters outside ASCII are in lower case here: JavaScript lower-cases them all, the extension ASCII only, whatever the locale.
const properties = [
  "phoneNumber", "homeURL", "customerID", "XMLHttpRequest", "OAuthToken", "address1Line", "a1B", "HTMLElementID2", "iOSDeviceIDs",
  "ABCDef",
  "a", "B", "ab", "CD", "x1", "Y2", "z3A", "i18n", "ISO8601Date", "sha256Hex", "v2Beta1", "2fa", "42",
  "snake_case", "Mixed_Case", "SCREAMING_CASE", "_leading", "trailing_", "two__underscores", "_", "camel_SnakeId",
  "first name", "Last Name", " space ", "it's", "say \"hi\"", "\"", "back\\slash", "semi;colon", "dot.ted", "dash-ed", "per%cent",
  "a&b", "(paren)",
  "$ref", "jQuery$", "$", "$1", "select", "userTable", "straße", "naïveId", "élan", "日本語", "smile😀Id",
];

/** Every word of at most four of a lower-case letter, an upper-case letter and a digit, but those whose columns would collide. */
const words = () => {
  const columns = new Map();
  let longest = [""];
  for (let length = 1; length <= 4; length++) {
    longest = longest.flatMap((word) => ["a", "B", "1"].map((letter) => word + letter));
    for (const word of longest) if (!columns.has(snakeCase(word))) columns.set(snakeCase(word), word);
  }
  return [...columns.values()];
};

for (const [model, table, names] of [
  ["User", "users", properties],
  ["Account", "accounts", properties],
  ["VerificationRequest", "verification_requests", words()],
]) {
  test(`names in ${table}`, () =>
    withDatabase(async ({ admin, owner }) => {
      const definitions = names.map((property) => ({ property, type: "varchar", nullable: true, unique: true }));
      const extended = await owner.query("SELECT property, column_name FROM nextauth.extend_model($1, $2)",
        [model, JSON.stringify(definitions)]);
      assert.deepEqual(extended.rows, names.map((property) => ({ property, column_name: snakeCase(property) })));

      const columns = names.map(snakeCase);
      const strategy = new DefaultNamingStrategy();
      const constraints = await admin.query(`
        SELECT attname AS column, conname AS name
          FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
         WHERE conrelid = $1::regclass AND contype = 'u' AND attname = ANY ($2)`, [`nextauth.${table}`, columns]);
      assert.deepEqual(
        Object.fromEntries(constraints.rows.map(({ column, name }) => [column, name])),
        Object.fromEntries(columns.map((column) => [column, strategy.uniqueConstraintName(table, [column])])));
    }));
}
