// Fetches npm into the directory named, for a machine that has Node.js without it: Debian's npm brings some 350 packages.
// It comes from the registry that the user's npm would ask, and is what its checksum says.
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdirSync } from "node:fs"
import { createRequire } from "node:module"

const version = "10.9.9" // the newest for Node.js 18
const integrity = "sha512-1g+6jLQvaIuB4zwvHL7yrXuXcWZwDsCtBX8bbWDqbvJSSr9nPiDDWTHNgwXR27iIcTTW7v3A57hDW9RYv2W4Yg=="

const [directory] = process.argv.slice(2)
const { default: registryUrl } = await import("/usr/share/nodejs/registry-url/index.js")
const url = new URL(`npm/-/npm-${version}.tgz`, registryUrl())
const response = await fetch(url)
if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`)
const archive = Buffer.from(await response.arrayBuffer())
if ("sha512-" + createHash("sha512").update(archive).digest("base64") !== integrity) {
  throw new Error(`${url}: not what was expected`)
}
mkdirSync(directory)
execFileSync("tar", ["-xz", "--strip-components=1", "-C", directory], { input: archive })
