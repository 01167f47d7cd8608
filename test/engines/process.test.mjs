// The servers of these tests end with the test, however that ends.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import test from "node:test";
import { makeDirectory, run, startServer } from "./helpers/process.mjs";

const helpers = new URL("./helpers/process.mjs", import.meta.url);

/** Waits until something is so. */
async function until(condition) {
  for (const deadline = Date.now() + 30_000; !condition(); await new Promise((resolve) => { setTimeout(resolve, 50); })) {
    assert.ok(Date.now() < deadline, `not yet: ${condition}`);
  }
}

test("a server and its directory are gone when it is stopped", async () => {
  const directory = makeDirectory();
  const stop = await startServer(directory, "sleep", ["1000"], async () => {});
  assert.ok(existsSync(directory));
  await stop();
  assert.ok(!existsSync(directory));
});

test("a server and its directory are gone when its test is killed", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", `
    import { makeDirectory, startServer } from "${helpers}";
    const directory = makeDirectory();
    await startServer(directory, "sh", ["-c", "echo $$ >pid; exec sleep 1000"], async () => {});
    console.log(directory);`]);
  const directory = await new Promise((resolve) => { child.stdout.once("data", (line) => resolve(String(line).trim())); });
  await until(() => existsSync(`${directory}/pid`));
  const server = Number(await run("cat", [`${directory}/pid`]));
  assert.ok(existsSync(`/proc/${server}`));
  child.kill("SIGKILL");
  await until(() => !existsSync(`/proc/${server}`) && !existsSync(directory));
});

test("a server that does not start says why", async () => {
  const directory = makeDirectory();
  const failing = startServer(directory, "sh", ["-c", "echo 'no such option' >&2; exit 1"], () => assert.fail("no answer"));
  await assert.rejects(failing, /sh did not start: no answer\nno such option/);
  assert.ok(!existsSync(directory));
});

test("a client that fails says why", async () => {
  assert.equal(await run("cat", [], { input: "it's" }), "it's");
  await assert.rejects(run("sh", ["-c", "echo wrong >&2; exit 3"]), /sh: wrong/);
  await assert.rejects(run("/no/such/program", []), { code: "ENOENT" });
});
