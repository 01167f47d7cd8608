// What describe_model() prints, taken as an application takes it: compiled, imported, handed to the adapter.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import pg from "pg";
import ts from "typescript";
import { poolOf } from "./application.mjs";

export const describe = async (db, format, model = null) =>
  (await db.query("SELECT nextauth.describe_model($1, $2) AS text", [format, model])).rows[0].text;

/**
 * Writes files, name → text, to a directory that can import the packages, all or those given as name → its directory here, and hands it
 * to `use`.
 */
export async function withFiles(files, use, packages) {
  const directory = await mkdtemp(join(tmpdir(), "describe-"));
  const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
  try {
    if (!packages) await symlink(modules, join(directory, "node_modules"));
    for (const [name, here] of Object.entries({ ...packages, ...(packages && { "@types/node": "@types/node" }) })) {
      const path = join(directory, "node_modules", name);
      await mkdir(dirname(path), { recursive: true });
      await symlink(join(modules, here), path);
    }
    await writeFile(join(directory, "package.json"), `{ "type": "module" }`);
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

const target = ts.ScriptTarget.ES2022;

/** The module that a text in JavaScript, or in TypeScript, is. */
export function load(text) {
  const { outputText } = ts.transpileModule(text, { compilerOptions: { target, module: ts.ModuleKind.ESNext } });
  return withFiles({ "models.js": outputText }, (directory) => import(pathToFileURL(join(directory, "models.js"))));
}

const compilerOptions = {
  strict: true, noEmit: true, skipLibCheck: true, types: ["node"], target,
};

/** What the compiler has to say of these files, with all packages or some of them. */
export const compile = (files, { packages, resolution = "NodeNext" } = {}) =>
  withFiles(files, (directory) => {
    const options = {
      ...compilerOptions, typeRoots: [join(directory, "node_modules/@types")], moduleResolution: ts.ModuleResolutionKind[resolution],
      module: ts.ModuleKind[resolution === "NodeNext" ? "NodeNext" : "ESNext"],
    };
    const program = ts.createProgram(Object.keys(files).map((name) => join(directory, name)), options);
    return ts.getPreEmitDiagnostics(program).map(({ messageText, file, start }) => {
      const message = ts.flattenDiagnosticMessageText(messageText, "\n");
      if (!file) return message;
      const { line } = file.getLineAndCharacterOfPosition(start);
      return `${message}\nin ${file.fileName.slice(directory.length + 1)}: ${file.text.split("\n")[line]}`;
    });
  }, packages);

let modules = 0;

// The adapters that are told what is printed, `text`, for this role and database, and how to close them. Packages that refuse an old
// Node.js are imported where they are needed.
export const open = {
  async prisma(app, text) {
    const [{ PrismaAdapter }, { PrismaPg }, { generateClient }] = await Promise.all([
      import("@auth/prisma-adapter"), import("@prisma/adapter-pg"), import("./prisma-client.mjs")]);
    const { PrismaClient, remove } = await generateClient(text, /schemas = \[.*\]/.exec(text)[0]);
    const prisma = new PrismaClient({ adapter: new PrismaPg({ ...app, max: 2 }) });
    const close = async () => {
      await prisma.$disconnect();
      await remove();
    };
    return { adapter: PrismaAdapter(prisma), close };
  },
  async drizzle(app, text) {
    const [{ DrizzleAdapter }, { drizzle }] = await Promise.all([
      import("@auth/drizzle-adapter"), import("drizzle-orm/node-postgres")]);
    const pool = new pg.Pool({ ...app, max: 2 });
    return { adapter: DrizzleAdapter(drizzle(pool), (await load(text)).authTables), close: () => pool.end() };
  },
  async kysely(app) {
    const [{ KyselyAdapter }, { Kysely, PostgresDialect }] = await Promise.all([import("@auth/kysely-adapter"), import("kysely")]);
    const db = new Kysely({ dialect: new PostgresDialect({ pool: poolOf(app, "nextauth_kysely") }) });
    return { adapter: KyselyAdapter(db), close: () => db.destroy() };
  },
  async typeorm({ user: username, ...app }, text) {
    // The module keeps the first data source that it makes, so each adapter has a module of its own.
    const { TypeORMAdapter } = await import(`../node_modules/@auth/typeorm-adapter/index.js?${++modules}`);
    const options = { type: "postgres", ...app, username, synchronize: false };
    const adapter = TypeORMAdapter(options, { entities: await load(text) });
    return { adapter, close: () => adapter.__disconnect() };
  },
  async sequelize({ host, user, database }, text) {
    const [{ default: SequelizeAdapter }, { Sequelize }] = await Promise.all([import("@auth/sequelize-adapter"), import("sequelize")]);
    const dialectOptions = { options: "-c search_path=nextauth_sequelize" };
    const sequelize = new Sequelize(database, user, null, { host, dialect: "postgres", dialectOptions, logging: false });
    const { models } = await load(text);
    return { adapter: SequelizeAdapter(sequelize, { synchronize: false, models: models(sequelize) }), close: () => sequelize.close() };
  },
  async "mikro-orm"({ database: dbName, ...app }, text) {
    const [{ MikroOrmAdapter }, { MetadataStorage }] = await Promise.all([import("@auth/mikro-orm-adapter"), import("@mikro-orm/core")]);
    // An application has one User.
    MetadataStorage.clear();
    const options = { type: "postgresql", ...app, dbName, schema: "nextauth_mikro_orm" };
    const adapter = MikroOrmAdapter(options, { entities: await load(text) });
    return { adapter, close: () => adapter.__disconnect() };
  },
  async "better-auth"(app, text) {
    const [{ default: betterAuth }, { models }] = await Promise.all([import("../adapters/better-auth.mjs"), load(text)]);
    const { auth, close } = await betterAuth.open(app, models);
    const { internalAdapter } = await auth.$context;
    const adapter = {
      createUser: ({ id, ...user }) => internalAdapter.createUser({ name: "", ...user, emailVerified: false }),
      getUser: (id) => internalAdapter.findUserById(id),
      updateUser: ({ id, ...user }) => internalAdapter.updateUser(id, user),
    };
    return { adapter, auth, close };
  },
};
