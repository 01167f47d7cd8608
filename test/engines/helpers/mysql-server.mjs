// What MySQL and MariaDB share: a private server on a socket, without a password, and a client that reads a script.
import { join } from "node:path";
import { run, startServer } from "./process.mjs";

const encoding = "--default-character-set=utf8mb4";

/**
 * Starts a server in the directory.
 *
 * - `type`: TypeORM's name of the driver;
 * - `server`, `client`: the programs;
 * - `options`: of the server, besides where it is.
 */
export async function startMySQLServer({ type, server, client, directory, options }) {
  const socketPath = join(directory, "socket");
  const execute = (script, ...args) =>
    run(client, ["--no-defaults", `--socket=${socketPath}`, "--user=root", encoding, "--batch", "--raw", "--skip-column-names", ...args], { input: script });
  const stop = await startServer(directory, server, [
    "--no-defaults", `--datadir=${join(directory, "data")}`, `--socket=${socketPath}`, `--pid-file=${join(directory, "pid")}`, ...options,
  ], () => execute("SELECT 1"));
  let databases = 0;
  return {
    version: (await execute("SELECT version()")).trim(),
    stop,
    async createDatabase() {
      const database = `nextauth_${++databases}`;
      await execute(`CREATE DATABASE ${database}`);
      // In UTC, as the adapter asks for, a date is a day earlier to whoever is west of Greenwich, unless the driver leaves it a text.
      const connection = { type, socketPath, username: "root", database, dateStrings: ["DATE"] };
      return openDatabase(connection, (script) => execute(script, database));
    },
  };
}

function openDatabase(connection, client) {
  /** The one value that a query returns, in UTC whatever the server's time zone is. */
  const json = async (query) => JSON.parse(orNothing(await client(`SET time_zone = '+00:00'; ${query};`)));
  return {
    connection,
    client,
    async exportRows(table) {
      const columns = await json(`
        SELECT json_arrayagg(json_object('name', column_name, 'type', data_type)) FROM information_schema.columns
         WHERE table_schema = database() AND table_name = '${table}'`);
      // JSON has no bytes.
      const members = columns.map(({ name, type }) => `${literal(name)}, ${type.endsWith("blob") ? `hex(${quote(name)})` : quote(name)}`);
      return json(`SELECT json_arrayagg(json_object(${members.join(", ")})) FROM ${quote(table)}`);
    },
  };
}

/** An aggregate of no row is NULL. */
const orNothing = (output) => (output.trim() === "NULL" ? "[]" : output);
const quote = (name) => `\`${name.replaceAll("`", "``")}\``;
const literal = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
