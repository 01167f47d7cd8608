// As much of PostgREST as @auth/supabase-adapter asks for: rows by equality, written and read as JSON, and the user of a row.
import { once } from "node:events";
import http from "node:http";
import { text } from "node:stream/consumers";
import pg from "pg";

const quote = pg.escapeIdentifier;

/** The statement that PostgREST makes of a request; the table's rows come back as JSON. */
function statement(method, schema, table, query, body) {
  const relation = `${quote(schema)}.${quote(table)}`;
  const values = [];
  const place = (value) => `$${values.push(value)}`;
  const filters = [...query].filter(([key]) => key !== "select")
    .map(([column, filter]) => `${quote(column)} = ${place(filter.replace(/^eq\./, ""))}`);
  const where = filters.length > 0 ? `WHERE ${filters.join(" AND ")}` : "";
  const columns = body && Object.keys(body).map(quote);
  const given = () => `json_populate_record(NULL::${relation}, ${place(body)}) AS given`;

  const rows = {
    GET: () => `SELECT * FROM ${relation} ${where}`,
    POST: () => `INSERT INTO ${relation} (${columns}) SELECT ${columns} FROM ${given()} RETURNING *`,
    PATCH: () => `UPDATE ${relation} SET (${columns}) = ROW (${columns.map((c) => `given.${c}`)}) FROM ${given()}
      ${where.replaceAll(/"\w+" =/g, `${quote(table)}.$&`)} RETURNING ${quote(table)}.*`,
    DELETE: () => `DELETE FROM ${relation} ${where} RETURNING *`,
  }[method]();

  // A related row is found by the foreign key between the tables beneath the views.
  const select = query.get("select") ?? "*";
  const user = `(SELECT to_jsonb(u) FROM ${quote(schema)}.users u WHERE u.id = r."userId")`;
  const json = [
    ...(/(^|,)\*/.test(select) ? ["to_jsonb(r)"] : []),
    ...(select.includes("users(*)") ? [`jsonb_build_object('users', ${user})`] : []),
  ].join(" || ");
  return { text: `WITH r AS (${rows}) SELECT ${json} AS row FROM r`, values };
}

/** Answers for the role and database of `app`. */
export async function startPostgREST(app) {
  const pool = new pg.Pool({ ...app, max: 2 });
  const server = http.createServer(async (request, response) => {
    const answer = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    try {
      const { pathname, searchParams } = new URL(request.url, "http://localhost");
      const { headers, method } = request;
      const schema = headers["content-profile"] ?? headers["accept-profile"];
      const content = await text(request);
      const { rows } = await pool.query(
        statement(method, schema, pathname.split("/").pop(), searchParams, content && JSON.parse(content)));
      const found = rows.map(({ row }) => row);
      if (!headers.accept?.includes("vnd.pgrst.object")) answer(200, found);
      else if (found.length === 1) answer(200, found[0]);
      else answer(406, { code: "PGRST116", details: `The result contains ${found.length} rows`, message: "not one row" });
    } catch ({ message, code }) {
      answer(400, { message, code });
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");

  const close = async () => {
    server.closeAllConnections();
    server.close();
    await pool.end();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}
