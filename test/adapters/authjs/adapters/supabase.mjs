import { SupabaseAdapter } from "@auth/supabase-adapter";
import { startPostgREST } from "../helpers/postgrest.mjs";

export default {
  schema: "next_auth",
  ids: ["uuid", "text"],
  clears: false,
  async open(app) {
    const { url, close } = await startPostgREST(app);
    return { adapter: SupabaseAdapter({ url, secret: "a key" }), close };
  },
};
