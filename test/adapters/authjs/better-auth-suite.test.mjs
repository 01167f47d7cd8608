// Better Auth's published suite for adapters on the extension's views, as a role that owns nothing, in a database of another time zone.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { withDatabase } from "../helpers/database.mjs";

const oldNode = Number.parseInt(process.versions.node) < 20;

/** Runs a file of this directory by vitest, with what it may inject, and returns its tests. */
async function runVitest(file, provide) {
  const { startVitest } = await import("vitest/node");
  const cacheDir = await mkdtemp(join(tmpdir(), "vitest-"));
  const run = await startVitest("test", [], {
    root: fileURLToPath(new URL(".", import.meta.url)), include: [file], watch: false, config: false, reporters: [{}], silent: true, provide,
  }, { cacheDir });
  try {
    const modules = run.state.getTestModules();
    const errors = [run.state.getUnhandledErrors(), modules.map((module) => module.errors())].flat(2);
    assert.deepEqual(errors.map(({ message }) => message), []);
    // The title of a part is a test, too.
    return modules.flatMap((module) => [...module.children.allTests()]).filter(({ name }) => !name.startsWith("\n"));
  } finally {
    await run.close();
    await rm(cacheDir, { recursive: true });
  }
}

test("Better Auth's suite", { skip: oldNode && "vitest takes Node.js 20" }, (t) =>
  withDatabase(async ({ admin, owner, app }) => {
    await admin.query(`ALTER DATABASE ${app.database} SET timezone = 'America/New_York'`);
    const tests = await runVitest("helpers/better-auth-suite.mjs", { connections: { app, owner: { ...app, user: owner.user } } });
    for (const each of tests) {
      const { state, errors = [] } = each.result();
      await t.test(stripVTControlCharacters(each.name), () =>
        assert.equal(state, "passed", errors.map(({ stack, cause }) => `${stack}\n${cause?.stack ?? ""}`).join("\n")));
    }
    assert.equal(tests.length, 341);
  }, { idType: "text", adapters: ["better-auth"] }));
