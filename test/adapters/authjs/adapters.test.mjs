// Every adapter of Auth.js, as it is released and in its default configuration, on one database that serves all of them.
import test from "node:test";
import { withDatabase } from "../helpers/database.mjs";
import { adapters } from "./adapters/index.mjs";
import { exerciseAll } from "./helpers/suite.mjs";

test("text ids", (t) =>
  withDatabase(({ admin, app }) => exerciseAll(t, adapters, { app, db: admin, nobody: "nobody" }),
    { idType: "text", adapters: adapters.map(({ name }) => name) }));
