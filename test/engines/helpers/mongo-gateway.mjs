// Speaks the wire protocol of MongoDB 4.4 in front of DocumentDB's SQL functions: what the driver and TypeORM send, and no more.
import net from "node:net";
import { deserialize, serialize } from "bson";
import pg from "pg";

const opcodes = { REPLY: 1, QUERY: 2004, MESSAGE: 2013 };
const errors = { unknown: 1, noSuchCommand: 59, failedValidation: 121, duplicateKey: 11000 };

/** Numbers keep their kinds, which JavaScript would make one. */
const read = (bytes) => deserialize(bytes, { promoteValues: false, bsonRegExp: true });

/** A document as DocumentDB's SQL functions take it, and as they return it. */
const toDocument = (object) => `BSONHEX${Buffer.from(serialize(object, { ignoreUndefined: true })).toString("hex")}`;
export const fromDocument = (text) => read(Buffer.from(text.slice("BSONHEX".length), "hex"));

const handshake = () => ({
  ismaster: true, isWritablePrimary: true, readOnly: false, minWireVersion: 0, maxWireVersion: 9, localTime: new Date(),
  maxBsonObjectSize: 16 * 1024 * 1024, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000, ok: 1,
});
const done = () => ({ ok: 1 });

/** For each command that is one call: the call, of which $1 is the database, $2 the command and $3 the collection. */
const calls = {
  insert: "SELECT p_result FROM documentdb_api.insert($1, $2)",
  update: "SELECT p_result FROM documentdb_api.update($1, $2)",
  delete: "SELECT p_result FROM documentdb_api.delete($1, $2)",
  findandmodify: "SELECT p_result FROM documentdb_api.find_and_modify($1, $2)",
  find: "SELECT cursorpage FROM documentdb_api.find_cursor_first_page($1, $2)",
  aggregate: "SELECT cursorpage FROM documentdb_api.aggregate_cursor_first_page($1, $2)",
  listcollections: "SELECT cursorpage FROM documentdb_api.list_collections_cursor_first_page($1, $2)",
  listindexes: "SELECT cursorpage FROM documentdb_api.list_indexes_cursor_first_page($1, $2)",
  count: "SELECT document FROM documentdb_api.count_query($1, $2)",
  create: "SELECT documentdb_api.create_collection_view($1, $2)",
  collmod: "SELECT documentdb_api.coll_mod($1, $3, $2)",
  // The public function refuses to run within a transaction.
  createindexes: "SELECT documentdb_api_internal.create_indexes_non_concurrently($1, $2, true)",
};

/** The commands that need no document, or no database at all. */
const others = {
  hello: handshake,
  ismaster: handshake,
  ping: done,
  endsessions: done,
  killcursors: done,
  buildinfo: () => ({ version: "4.4.0", versionArray: [4, 4, 0, 0], ok: 1 }),
  async drop(pool, { $db, drop }) {
    await pool.query("SELECT documentdb_api.drop_collection($1, $2)", [$db, drop]);
    return done();
  },
  async dropdatabase(pool, { $db }) {
    await pool.query("SELECT documentdb_api.drop_database($1)", [$db]);
    return done();
  },
};

async function execute(pool, message) {
  const { $db, lsid, txnNumber, $clusterTime, $readPreference, ...command } = message;
  const [name] = Object.keys(command);
  const key = name.toLowerCase();
  if (others[key]) return others[key](pool, message);
  if (!calls[key]) return { ok: 0, errmsg: `no such command: '${name}'`, code: errors.noSuchCommand };

  const values = [$db, toDocument(command), ...(calls[key].includes("$3") ? [command[name]] : [])];
  const { rows: [[document]] } = await pool.query({ text: calls[key], values, rowMode: "array" });
  const result = fromDocument(document);
  for (const error of result.writeErrors ?? []) error.code = codeOf(error.errmsg) ?? error.code;
  return result;
}

/** MongoDB's number of an error, which DocumentDB numbers in its own way, if applications look for it. */
function codeOf(message) {
  if (/duplicate key/i.test(message)) return errors.duplicateKey;
  return /failed validation/i.test(message) ? errors.failedValidation : undefined;
}

const failure = ({ message }) => ({ ok: 0, errmsg: message, code: codeOf(message) ?? errors.unknown });

//
// The protocol: a message is its length, its number, that of what it answers, an opcode, and what the opcode says.
//

const HEADER = 16;

/** The command in a message of sections: one document, and sequences of documents, which are members of it. */
function parseMessage(message) {
  const command = {};
  for (let at = HEADER + 4; at < message.length;) {
    const kind = message[at++];
    const end = at + message.readInt32LE(at);
    if (kind === 0) Object.assign(command, read(message.subarray(at, end)));
    else Object.assign(command, parseSequence(message.subarray(at + 4, end)));
    at = end;
  }
  return command;
}

function parseSequence(bytes) {
  const nameEnd = bytes.indexOf(0);
  const documents = [];
  for (let at = nameEnd + 1; at < bytes.length; at += bytes.readInt32LE(at)) {
    documents.push(read(bytes.subarray(at, at + bytes.readInt32LE(at))));
  }
  return { [bytes.toString("utf8", 0, nameEnd)]: documents };
}

/** The command in a message of the older kind, by which drivers say hello. */
function parseQuery(message) {
  const nameEnd = message.indexOf(0, HEADER + 4);
  const document = read(message.subarray(nameEnd + 1 + 8));
  const [database] = message.toString("utf8", HEADER + 4, nameEnd).split(".");
  return { ...(document.$query ?? document), $db: database };
}

function makeReply(message, document) {
  const body = serialize(document);
  const isQuery = message.readInt32LE(12) === opcodes.QUERY;
  const head = Buffer.alloc(isQuery ? HEADER + 20 : HEADER + 5); // flags, cursor, position and number of documents; or flags and kind
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(message.readInt32LE(4), 8);
  head.writeInt32LE(isQuery ? opcodes.REPLY : opcodes.MESSAGE, 12);
  if (isQuery) head.writeInt32LE(1, HEADER + 16);
  return Buffer.concat([head, body]);
}

async function answer({ pool, alone }, message) {
  try {
    const command = message.readInt32LE(12) === opcodes.QUERY ? parseQuery(message) : parseMessage(message);
    const run = () => execute(pool, command);
    return makeReply(message, await ("createIndexes" in command ? alone(run) : run()));
  } catch (error) {
    return makeReply(message, failure(error));
  }
}

/** Answers a connection's messages one after the other. */
function serve(server, socket) {
  const inOrder = makeQueue();
  let received = Buffer.alloc(0);
  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    received = Buffer.concat([received, bytes]);
    while (received.length >= 4 && received.length >= received.readInt32LE(0)) {
      const message = received.subarray(0, received.readInt32LE(0));
      received = received.subarray(message.length);
      inOrder(async () => socket.write(await answer(server, message)));
    }
  });
}

/** Makes a function that runs one thing after the other, whatever fails. */
function makeQueue() {
  let last = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}

/** Starts a gateway on a free port of this machine alone, in front of the server at this place. */
export async function startGateway(place) {
  const pool = new pg.Pool({ ...place, max: 8 });
  const alone = makeQueue(); // two calls that create indexes would wait for each other's locks
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket.on("close", () => sockets.delete(socket)));
    serve({ pool, alone }, socket);
  });
  await new Promise((resolve, reject) => server.on("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    port: server.address().port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => { server.close(resolve); });
      await pool.end();
    },
  };
}
