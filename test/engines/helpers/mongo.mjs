// MongoDB: no Debian has it, nor npm. DocumentDB, an extension of PostgreSQL, stands in for it, behind a gateway that speaks
// MongoDB's protocol to the real driver.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { EJSON } from "bson";
import pg from "pg";
import { fromDocument, startGateway } from "./mongo-gateway.mjs";
import { runShell } from "./mongo-shell.mjs";
import { inDirectory, run, startServer } from "./process.mjs";

const share = "/usr/share/postgresql";
const libraries = "pg_cron,pg_documentdb_core,pg_documentdb";

/** The programs of the newest PostgreSQL that has the extension. */
function findPrograms() {
  const majors = directories(share).filter((major) => directories(join(share, major, "extension")).includes("documentdb.control"));
  return majors.length > 0 && `/usr/lib/postgresql/${Math.max(...majors.map(Number))}/bin`;
}

function directories(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

export const mongodb = {
  name: "mongodb",
  title: "MongoDB",
  missing: () => (findPrograms() ? undefined : "no PostgreSQL has DocumentDB: apt-get install postgresql-18-documentdb, from Debian 14 on"),

  start: () => inDirectory(async (directory) => {
    const programs = findPrograms();
    const data = join(directory, "data");
    const place = { host: directory, user: "postgres", database: "postgres" };
    await run(join(programs, "initdb"), ["-D", data, "-U", place.user, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]);
    const settings = {
      listen_addresses: "", unix_socket_directories: directory, fsync: "off",
      shared_preload_libraries: libraries, "cron.database_name": place.database,
      // Both connect to their own server.
      "cron.host": directory, "documentdb.localhost_connection_string": `host=${directory}`,
    };
    const stopServer = await startServer(directory, join(programs, "postgres"), [
      "-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ], () => query(place, "SELECT"));
    await query(place, "CREATE EXTENSION documentdb CASCADE");
    const [{ version }] = await query(place, "SELECT extversion AS version FROM pg_extension WHERE extname = 'documentdb'");
    const gateway = await startGateway(place);
    let databases = 0;
    return {
      version: `DocumentDB ${version}`,
      createDatabase: async () => openDatabase({ host: "127.0.0.1", port: gateway.port, database: `nextauth_${++databases}` }, place),
      async stop() {
        await gateway.stop();
        await stopServer();
      },
    };
  }),
};

function openDatabase({ host, port, database }, place) {
  const url = `mongodb://${host}:${port}/${database}`;
  const options = { useNewUrlParser: true, useUnifiedTopology: true };
  return {
    connection: { type: "mongodb", url, database, ...options },
    client: (script) => runShell({ url, options, database }, script),

    /** As mongoexport --jsonArray has it: relaxed Extended JSON, or canonical. */
    async exportRows(collection, { relaxed = true } = {}) {
      const rows = await query(place, "SELECT document::text FROM documentdb_api.collection($1, $2)", [database, collection]);
      return rows.map(({ document }) => EJSON.serialize(fromDocument(document), { relaxed }));
    },
  };
}

async function query(place, sql, values) {
  const client = new pg.Client(place);
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}
