// Runs a script for mongosh with the driver: the part of the shell that creates collections and indexes, and writes documents.
import mongodb from "mongodb";

/** Runs the statements in their order, up to the first that fails. Returns what they print. */
export async function runShell({ url, options, database }, script) {
  const client = await mongodb.MongoClient.connect(url, options);
  const printed = [];
  let last = Promise.resolve();
  // In the shell each call waits for its end; here the calls wait for each other.
  const call = (method) => (...args) => {
    last = last.then(() => method(...args));
    last.catch(() => {}); // it is awaited below
  };
  const names = { db: shellDatabase(client.db(database), call), print: (text) => printed.push(text), ...types };
  try {
    new Function(...Object.keys(names), script)(...Object.values(names));
    await last;
    return printed.join("\n");
  } finally {
    await client.close();
  }
}

const types = {
  NumberInt: (value) => new mongodb.Int32(Number(value)),
  NumberLong: (value) => mongodb.Long.fromString(String(value)),
  NumberDecimal: (value) => mongodb.Decimal128.fromString(String(value)),
  ObjectId: (value) => new mongodb.ObjectId(value),
  ISODate: (value) => (value === undefined ? new Date() : new Date(value)),
};

const collectionMethods = ["createIndex", "createIndexes", "insertOne", "insertMany", "updateOne", "deleteOne"];

/** The shell's `db`: its methods, and a collection under any other name. */
function shellDatabase(db, call) {
  const collection = (name) =>
    Object.fromEntries(collectionMethods.map((method) => [method, call((...args) => db.collection(name)[method](...args))]));
  const methods = {
    createCollection: call((name, options) => db.createCollection(name, options)),
    runCommand: call((command) => db.command(command)),
    getCollection: collection,
  };
  return new Proxy(methods, { get: (target, name) => target[name] ?? collection(name) });
}
