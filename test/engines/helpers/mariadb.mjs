// MariaDB: a private server on a socket, as an ordinary user; mysql2 is the driver.
import { join } from "node:path";
import { startMySQLServer } from "./mysql-server.mjs";
import { inDirectory, missingPrograms, run } from "./process.mjs";

export const mariadb = {
  name: "mariadb",
  title: "MariaDB",
  missing: () => missingPrograms("mariadb-server-core mariadb-client-core", "mariadbd", "mariadb-install-db", "mariadb"),

  start: () => inDirectory(async (directory) => {
    await run("mariadb-install-db", [
      "--no-defaults", `--datadir=${join(directory, "data")}`, "--auth-root-authentication-method=normal", "--skip-test-db",
      "--force", // a machine need not know its own name
    ], { cwd: directory });
    // Its character set is the default's, latin1 before 11.6: the statements that are printed have to name theirs.
    const options = ["--skip-networking", "--debug-no-sync"];
    return startMySQLServer({ type: "mariadb", server: "mariadbd", client: "mariadb", directory, options });
  }),
};
