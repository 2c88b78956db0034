/**
 * `node scripts/bundle.ts`, before the package is packed: the command with all that it loads, in few files, as `dist/command/`. Node
 * takes twice as long to find and link its 750 modules one by one. The library (`dist/index.js`) is as `tsc` left it.
 */
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type Plugin, rolldown } from "rolldown"

const folder = join(import.meta.dirname, "..")
const target = join(folder, "dist/command")

const Manifest = t.intersection([t.type({ name: t.string, version: t.string }), t.partial({ license: t.string })])

const manifestIn = async (path: string): Promise<t.TypeOf<typeof Manifest>> => {
  const json: unknown = JSON.parse(await readFile(join(path, "package.json"), "utf8"))
  const manifest = Manifest.decode(json)
  if (Either.isLeft(manifest)) throw new Error(`the package.json in ${path} has no name or version`)
  return manifest.right
}

/** The version is read from a file that lies elsewhere from here. */
const version: Plugin = {
  name: "version",
  load: {
    filter: { id: /\/cli\/src\/version\.ts$/ },
    handler: async () => `export const readVersion = () => ${JSON.stringify((await manifestIn(folder)).version)}`
  }
}

/** The folder of the package that a module is of; undefined for our own. */
const packageOf = (module: string): string | undefined => /\/.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module)?.[0]

interface Notice {
  readonly title: string
  readonly license: string
  readonly texts: ReadonlyArray<string>
}

/** Licences want their texts to go with the code. */
const noticeOf = async (path: string): Promise<Notice> => {
  const { license = "", name, version: own } = await manifestIn(path)
  const names = (await readdir(path)).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file))
  const texts = await Promise.all(names.toSorted().map((file) => readFile(join(path, file), "utf8")))
  return { title: `${name} ${own} ${license}`, license, texts: texts.map((text) => text.trim()) }
}

/** Some packages leave the text out, and another one of the same licence has it. */
const noticeText = ({ license, texts, title }: Notice, all: ReadonlyArray<Notice>): string => {
  if (texts.length > 0) return [title, ...texts].join("\n\n")
  const other = all.find((notice) => notice.license === license && notice.texts.length > 0)
  if (other === undefined) throw new Error(`there is no text of the licence of ${title}`)
  return `${title}\n\nThe text of the licence: see ${other.title}.`
}

await rm(target, { recursive: true, force: true })
const build = await rolldown({
  input: join(folder, "src/main.ts"),
  platform: "node",
  plugins: [version]
})
const { output } = await build.write({ dir: target, format: "esm", chunkFileNames: "[name]-[hash].js" })
await build.close()

const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []))
const packages = [...new Set(modules.flatMap((module) => packageOf(module) ?? []))].toSorted()
const notices = await Promise.all(packages.map(noticeOf))
const texts = notices.map((notice) => noticeText(notice, notices))
await writeFile(join(target, "LICENSES.txt"), `${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`)
