// doc/nextauth.md names all that the extension has: functions, views, settings with their defaults, options, types and errors.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const TOP = fileURLToPath(new URL("../..", import.meta.url));
const reference = readFileSync(join(TOP, "doc/nextauth.md"), "utf8");

/** The text of a section of the page. */
const section = (heading) => reference.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));

/** Those of `names` that a text does not have, each as code, a call or a member of an object. */
const missing = (text, names) => names.filter((name) => !new RegExp(`(?:[\`".]|CALL )${name.replace(/\W/g, "\\$&")}[\`"(]`).test(text));

/** What the first capture of `pattern` finds in the initializer of an array in a source file. */
const inArray = (file, name, pattern) =>
  [...readFileSync(join(TOP, file), "utf8").split(`${name}[] =`)[1].split("\n};")[0].matchAll(pattern)].map(([, found]) => found);

const database = `reference_${process.pid}`;
const query = (sql, name = database) =>
  execFileSync("psql", ["-XAtqc", sql], { encoding: "utf8", env: { ...process.env, PGDATABASE: name } }).split("\n").filter(Boolean);

test("the reference is complete", async (t) => {
  query(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`, "postgres");
  try {
    query("CREATE EXTENSION nextauth");
    const members = (catalog, name) => query(`
      SELECT DISTINCT ${name} FROM pg_depend d JOIN pg_extension e ON d.refobjid = e.oid AND d.refclassid = 'pg_extension'::regclass
        JOIN ${catalog} c ON d.objid = c.oid AND d.classid = '${catalog}'::regclass
       WHERE d.deptype = 'e' AND e.extname = 'nextauth' AND ${catalog === "pg_class" ? "relkind IN ('v', 'r')" : "true"}`);

    await t.test("functions", () => assert.deepEqual(missing(section("Functions"), members("pg_proc", "proname")), []));
    await t.test("views and tables, with their columns", () => {
      assert.deepEqual(missing(section("Views"), members("pg_class", "relname")), []);
      const columns = query(`SELECT DISTINCT attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
        WHERE relnamespace = 'nextauth'::regnamespace AND relkind = 'v' AND attnum > 0`);
      assert.deepEqual(missing(section("Views"), columns), []);
    });
    await t.test("settings, with their defaults", () => {
      const settings = query("LOAD 'nextauth'; SELECT format('| `%s` | %s%s |', name, boot_val, unit) FROM pg_settings WHERE name LIKE 'nextauth.%'");
      assert.ok(settings.length > 0);
      assert.deepEqual(settings.filter((row) => !section("Settings").includes(row)), []);
    });
  } finally {
    query(`DROP DATABASE ${database}`, "postgres");
  }
});

test("the reference has every option, type, format and adapter", () => {
  const options = inArray("src/declare/column_spec.c", "column_options", /^\t\{"(\w+)", read_/gm);
  assert.ok(options.includes("nullable"));
  assert.deepEqual(missing(section("Column options"), options), []);
  const members = ["index_members", "unique_members", "check_members", "key_members"].flatMap((name) => inArray("src/declare/model_spec.c", name, /^\t\{"(\w+)"/gm));
  assert.ok(members.includes("where"));
  assert.deepEqual(missing(section("Model options"), members), []);
  const types = inArray("src/model/type_table.c", "type_table", /\.spellings = \{([^}]*)\}/g).flatMap((names) => names.match(/[^",\s][^",]*/g));
  assert.ok(types.includes("varchar"));
  assert.deepEqual(missing(section("Types"), types), []);
  const formats = inArray("src/describe/describe_model.c", "formats", /^\t\{"([^"]+)"/gm);
  assert.ok(formats.includes("prisma"));
  assert.deepEqual(missing(section("Functions"), formats), []);
  const adapters = inArray("src/model/conventions.c", "adapters", /\.name = "([^"]+)"/g);
  assert.ok(adapters.includes("pg"));
  assert.deepEqual(missing(section("Functions"), adapters), []);
});

test("the reference has the SQLSTATE of every error", () => {
  const includes = execFileSync(process.env.PG_CONFIG ?? "pg_config", ["--includedir-server"], { encoding: "utf8" }).trim();
  const states = Object.fromEntries([...readFileSync(join(includes, "utils/errcodes.h"), "utf8")
    .matchAll(/#define (ERRCODE_\w+) MAKE_SQLSTATE\('(.)','(.)','(.)','(.)','(.)'\)/g)].map(([, name, ...state]) => [name, state.join("")]));
  const sources = ["src", ...readdirSync(join(TOP, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => `src/${name}`)]
    .flatMap((folder) => readdirSync(join(TOP, folder)).filter((name) => name.endsWith(".c")).map((name) => readFileSync(join(TOP, folder, name), "utf8")));
  const raised = new Set(sources.flatMap((text) => [...text.matchAll(/errcode\((ERRCODE_\w+)\)/g)].map(([, name]) => name)));
  const internal = ["ERRCODE_INTERNAL_ERROR", "ERRCODE_WARNING", "ERRCODE_ADMIN_SHUTDOWN"];
  const protocol = [...raised].filter((name) => name.endsWith("PROTOCOL_VIOLATED")); // of functions that nobody calls
  assert.ok(raised.has("ERRCODE_INVALID_PARAMETER_VALUE"));
  assert.deepEqual([...raised].filter((name) => ![...internal, ...protocol].includes(name) && !section("Errors").includes(states[name])), []);
});
