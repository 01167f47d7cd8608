import Adapters from "next-auth-3-14/adapters.js";
import { adapterSuite } from "./helpers/adapter-suite.mjs";

adapterSuite({ version: "3.14.8", TypeORM: Adapters.TypeORM, customAtSignUp: false, deletesExpiredSession: false, nothing: false });
