// MySQL: as MariaDB. Of Debian's releases only unstable has it.
import { join } from "node:path";
import { startMySQLServer } from "./mysql-server.mjs";
import { inDirectory, missingPrograms, run, which } from "./process.mjs";

export const mysql = {
  name: "mysql",
  title: "MySQL",
  missing: () => missingPrograms("mysql-server-core mysql-client-core", "mysqld", "mysql") ??
    (which("mariadbd") && "MariaDB is installed in its place"),

  start: () => inDirectory(async (directory) => {
    const unrestricted = "--secure-file-priv=NULL"; // its default is a directory that only the whole package makes
    await run("mysqld", ["--no-defaults", "--initialize-insecure", `--datadir=${join(directory, "data")}`, unrestricted], { cwd: directory });
    const options = [unrestricted, "--skip-networking", "--mysqlx=0", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0"];
    return startMySQLServer({ type: "mysql", server: "mysqld", client: "mysql", directory, options });
  }),
};
