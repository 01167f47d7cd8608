/** Runs something in another time zone, as if the process had been started with it. */
export async function inZone(zone, use) {
  const { TZ: before } = process.env;
  process.env.TZ = zone;
  try {
    return await use();
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}
