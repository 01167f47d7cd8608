// The adapter of doc/methods/authjs.md, as the page has it. It needs no views.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readBlocks } from "../../../docs/page.mjs";
import { poolOf } from "../helpers/application.mjs";

const page = join(dirname(fileURLToPath(import.meta.url)), "../../../../doc/methods/authjs.md");

/** The source of the adapter, as a reader copies it. */
export const source = readBlocks(page).find(({ file }) => file === "adapter.mjs").text;

const directory = mkdtempSync(join(tmpdir(), "adapter-"));
writeFileSync(join(directory, "adapter.mjs"), source);
const { default: MethodsAdapter } = await import(pathToFileURL(join(directory, "adapter.mjs")));
rmSync(directory, { recursive: true });

export default {
  name: "methods",
  ids: ["integer", "bigint", "uuid", "text"],
  textIds: true,
  async open(app, custom = {}) {
    const pool = poolOf(app, "pg_catalog");
    const times = Object.keys(custom).filter((property) => /^timestamp/.test(custom[property].definition.type));
    return { adapter: MethodsAdapter(pool, { times }), close: () => pool.end() };
  },
};
