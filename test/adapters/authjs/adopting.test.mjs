// doc/adopting.md's statements for Prisma's tables, and what Prisma's client makes of them: the page itself has no command to generate one.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { withDatabase } from "../helpers/database.mjs";
import { describe, open } from "./helpers/declarations.mjs";

/** The SQL of a section of the page, in the order in which it is pasted, for an application of this role. */
async function statementsOf(section, role) {
  const page = await readFile(new URL("../../../doc/adopting.md", import.meta.url), "utf8");
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`));
  return [...text.matchAll(/^```sql\n([^]*?)^```$/gm)].map(([, sql]) => sql.replaceAll("'app'", `'${role}'`)).join("");
}

test("a session from Prisma's own tables is found in the copy", { skip: Number(process.versions.node.split(".")[0]) < 20 && "Prisma 7 needs Node.js 20" }, () =>
  withDatabase(async ({ admin, owner, app }) => {
    await admin.query("SET timezone = 'America/New_York'");
    await admin.query(await statementsOf("Prisma", app.user));
    const { adapter, close } = await open.prisma(app, await describe(owner, "prisma"));
    try {
      const { session, user } = await adapter.getSessionAndUser("session-of-ada");
      assert.deepEqual([session.userId, session.expires], ["clx4q0", new Date("2100-01-01T00:00:00Z")]);
      assert.deepEqual([user.id, user.email, user.emailVerified], ["clx4q0", "ada@example.com", new Date("2026-01-02T03:04:05Z")]);
      assert.equal((await adapter.getUserByAccount({ provider: "github", providerAccountId: "4711" })).id, "clx4q0");
      assert.ok(await adapter.useVerificationToken({ identifier: "ada@example.com", token: "a-hash" }));
      await adapter.deleteSession("session-of-ada");
      assert.equal(await adapter.getSessionAndUser("session-of-ada"), null);
    } finally {
      await close();
    }
  }, { idType: "text" }));
