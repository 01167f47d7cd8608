import { TypeORM } from "next-auth/adapters";
import { adapterSuite } from "./helpers/adapter-suite.mjs";

adapterSuite({ version: "3.29.10", TypeORM, customAtSignUp: true, deletesExpiredSession: true, nothing: undefined });
