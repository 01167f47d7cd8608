// What a page asks of `prisma`, with the packages that the command itself has for it: "prisma generate" makes the client of the
// models in prisma/.
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "page.js"));
const { PrismaClientJsGenerator } = require("@prisma/client-generator-js");
const { getGenerators, loadSchemaContext } = require("@prisma/internals");

const cliCommand = "prisma generate";
if (`prisma ${process.argv.slice(2).join(" ")}` !== cliCommand) throw new Error("a page asks for more than the tests know");

const generator = new PrismaClientJsGenerator({ cliCommand });
const schemaContext = await loadSchemaContext({ schemaPath: { cliProvidedPath: "prisma" }, printLoadMessage: false });
const registry = { "prisma-client-js": { type: "in-process", generator } };
for (const found of await getGenerators({ schemaContext, registry, cliCommand, skipDownload: true })) {
  await found.generate();
  found.stop();
}
