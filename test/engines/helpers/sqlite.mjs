// SQLite: Debian's sqlite3 as its client, sql.js as the driver. There is no server: a database is a file.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory, missingPrograms, run } from "./process.mjs";

export const sqlite = {
  name: "sqlite",
  title: "SQLite",
  missing: () => missingPrograms("sqlite3", "sqlite3"),

  async start() {
    const directory = makeDirectory();
    let databases = 0;
    return {
      version: (await run("sqlite3", ["--version"])).split(" ")[0],
      createDatabase: async () => openFile(join(directory, `${++databases}.sqlite`)),
      stop: async () => rmSync(directory, { recursive: true }),
    };
  },
};

/** sql.js has the database in memory: it reads the file when it connects, and writes it after each change. */
function openFile(file) {
  const client = (script) => run("sqlite3", ["-bail", file], { input: script });
  const json = async (query) => JSON.parse(await client(`${query};`) || "[]");
  return {
    connection: { type: "sqljs", location: file, autoSave: true },
    client,
    async exportRows(table) {
      const columns = await json(`SELECT json_group_array(json_object('name', name, 'type', lower(type))) FROM pragma_table_info('${table}')`);
      // JSON has no bytes, and the client's own mode ruins them. hex(NULL) is the empty string.
      const valueOf = ({ name, type }) => (type === "blob" ? `iif(${quote(name)} IS NULL, NULL, hex(${quote(name)}))` : quote(name));
      const members = columns.map((column) => `${literal(column.name)}, ${valueOf(column)}`);
      // A function takes 127 arguments at most before SQLite 3.48.
      const parts = Array.from({ length: Math.ceil(members.length / 60) }, (_, part) => `json_object(${members.slice(part * 60, (part + 1) * 60).join(", ")})`);
      const rows = await json(`SELECT json_group_array(json_array(${parts.join(", ")})) FROM ${quote(table)}`);
      return rows.map((row) => Object.assign({}, ...row));
    },
  };
}

const quote = (name) => `"${name.replaceAll('"', '""')}"`;
const literal = (text) => `'${text.replaceAll("'", "''")}'`;
