import { betterAuth } from "better-auth";
import { poolOf } from "../helpers/application.mjs";

/** The team's properties, as an application declares them. */
export const additionalFields = {
  phoneNumber: { type: "string", required: false },
  newsletter: { type: "boolean", required: false, defaultValue: true },
  memberSince: { type: "date", required: false },
};

export default {
  schema: "nextauth_better_auth",
  /** `options` are the application's further options of betterAuth(). */
  async open(app, options) {
    const pool = poolOf(app, this.schema);
    const auth = betterAuth({
      database: pool, baseURL: "https://app.example", secret: "8pzU2mVqT4wXk1sR7yLd0aHf5gJc9eBn",
      emailAndPassword: { enabled: true }, telemetry: { enabled: false }, ...options,
    });
    return { auth, close: () => pool.end() };
  },
};
