// What `prisma generate` does, without the command: it would download an engine that only migrations use.
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const cliCommand = "prisma generate";

/** The client of these models, with this in the datasource, and how to remove it from the disk. */
export async function generateClient(models, datasource = "") {
  const { PrismaClientJsGenerator } = require("@prisma/client-generator-js");
  const { getGenerator, loadSchemaContext } = require("@prisma/internals");

  const directory = await mkdtemp(join(tmpdir(), "prisma-"));
  await symlink(fileURLToPath(new URL("../node_modules", import.meta.url)), join(directory, "node_modules"));
  const schemaPath = join(directory, "schema.prisma");
  await writeFile(schemaPath, `
    datasource db {
      provider = "postgresql"
      ${datasource}
    }
    generator client {
      provider = "prisma-client-js"
      output   = "client"
    }
    ${models}`);

  const generator = new PrismaClientJsGenerator({ cliCommand });
  const registry = { "prisma-client-js": { type: "in-process", generator } };
  const schemaContext = await loadSchemaContext({ schemaPath: { cliProvidedPath: schemaPath }, printLoadMessage: false });
  const run = await getGenerator({ schemaContext, registry, cliCommand, skipDownload: true });
  await run.generate();
  run.stop();

  const { PrismaClient } = require(join(directory, "client"));
  return { PrismaClient, remove: () => rm(directory, { recursive: true }) };
}
