/** Our packages as a user has them: compiled, with the `exports` that they are published with, beside their dependencies. */
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

const packagesFolder = new URL("../../packages/", import.meta.url).pathname

const Manifest = t.type({
  name: t.string,
  version: t.string,
  dependencies: t.record(t.string, t.string),
  publishConfig: t.type({ exports: t.UnknownRecord })
})
type Manifest = t.TypeOf<typeof Manifest>

/** An installation, until `remove`. */
export interface Installed {
  /** A folder from which all our packages can be imported by their names. */
  readonly folder: string
  /** The file that is the command. */
  readonly command: string
  readonly remove: () => Promise<void>
}

/** Puts the packages, as `tsc -b` left them, into a temporary folder; what they need of others is linked. */
export const install = async (): Promise<Installed> => {
  const folder = await mkdtemp(join(tmpdir(), "callreel-installed-"))
  const modules = join(folder, "node_modules")
  for (const entry of await readdir(packagesFolder)) {
    const source = join(packagesFolder, entry)
    const manifest = await manifestOf(source)
    if (manifest === undefined) continue
    const place = join(modules, manifest.name)
    await mkdir(place, { recursive: true })
    await cp(join(source, "dist"), join(place, "dist"), { recursive: true, filter: isLoaded })
    await writeFile(join(place, "package.json"), publishedManifest(manifest))
    await linkDependencies(source, place, manifest)
  }
  return {
    folder,
    command: join(modules, "callreel/dist/command/main.js"),
    remove: () => rm(folder, { recursive: true, force: true })
  }
}

/** A folder, or compiled code. */
const isLoaded = (path: string): boolean => !/\.(?:d\.ts|map|tsbuildinfo|test\.js)$/.test(path)

/** Undefined for a package that is not published. */
const manifestOf = async (folder: string): Promise<Manifest | undefined> => {
  const json: unknown = JSON.parse(await readFile(join(folder, "package.json"), "utf8"))
  const manifest = Manifest.decode(json)
  return Either.isRight(manifest) ? manifest.right : undefined
}

const publishedManifest = ({ name, publishConfig: { exports }, version }: Manifest): string =>
  JSON.stringify({ name, version, type: "module", exports })

/** Our own packages are found in the folder above; others, with `effect`, are the workspace's. */
const linkDependencies = async (source: string, place: string, { dependencies }: Manifest): Promise<void> => {
  for (const name of new Set([...Object.keys(dependencies), "effect"])) {
    if (name.startsWith("@callreel/")) continue
    const link = join(place, "node_modules", name)
    await mkdir(join(link, ".."), { recursive: true })
    await symlink(await realpath(join(source, "node_modules", name)), link)
  }
}
