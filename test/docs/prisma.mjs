// What a page asks of `prisma`, with the packages that the command itself has for it. The models are in prisma/.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "page.js"));
const command = process.argv.slice(2).join(" ");
const cliCommand = `prisma ${command}`;

const commands = {
  /** Makes the client of the models. */
  async generate() {
    const { PrismaClientJsGenerator } = require("@prisma/client-generator-js");
    const { getGenerators, loadSchemaContext } = require("@prisma/internals");
    const generator = new PrismaClientJsGenerator({ cliCommand });
    const schemaContext = await loadSchemaContext({ schemaPath: { cliProvidedPath: "prisma" }, printLoadMessage: false });
    const registry = { "prisma-client-js": { type: "in-process", generator } };
    for (const found of await getGenerators({ schemaContext, registry, cliCommand, skipDownload: true })) {
      await found.generate();
      found.stop();
    }
  },

  /** Brings the database in line with the models, but for what prisma.config.ts, in which no type is, says to be others'. */
  async "db push"() {
    const { prismaMigrate } = await import("../adapters/authjs/helpers/prisma-engine.mjs");
    const { default: config } = await import(`data:text/javascript,${encodeURIComponent(readFileSync("prisma.config.ts"))}`);
    const schema = readdirSync("prisma").map((file) => readFileSync(join("prisma", file), "utf8")).join("\n");
    const migrate = await prismaMigrate({ role: require("pg-connection-string").parse(config.datasource.url), schema, config });
    const { executedSteps } = await migrate.push();
    console.log(`${executedSteps} steps`);
    await migrate.close();
  },
};

if (!(command in commands)) throw new Error(`${cliCommand}: a page asks for more than the tests know`);
await commands[command]();
