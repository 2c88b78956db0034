/** A reading of RFC 8493 that forgives nothing, apart from what it says a reader must: what is wrong with a bag. */
import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { join, relative, sep } from "node:path"

/** A bag as it says it is. */
export interface Bag {
  readonly problems: ReadonlyArray<string>
  readonly info: ReadonlyMap<string, string>
  readonly payload: ReadonlyArray<string>
  readonly tags: ReadonlyArray<string>
}

const payloadManifest = "manifest-sha512.txt"
const tagManifest = "tagmanifest-sha512.txt"

/** Reads a bag with SHA-512 manifests: every file must be in one of them, once, with its hash, and nothing else. */
export const readBag = async (folder: string): Promise<Bag> => {
  const problems: Array<string> = []
  const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((file) => !file.isDirectory())
    .map((file) => relative(folder, join(file.parentPath, file.name)).split(sep).join("/"))
  const text = async (path: string): Promise<string> => {
    const bytes = await readFile(join(folder, path))
    if (bytes[0] === 0xef) problems.push(`${path} begins with a byte order mark`)
    const decoded = bytes.toString("utf8")
    if (!decoded.endsWith("\n") && decoded !== "") problems.push(`${path} does not end with a line feed`)
    return decoded
  }
  const check = async (manifest: string, isListed: (path: string) => boolean): Promise<ReadonlyArray<string>> => {
    const listed = new Map<string, string>()
    for (const line of linesOf(await text(manifest))) {
      const [, hash = "", escaped = ""] = /^([\da-f]{128}) {2}(\S.*)$/.exec(line) ?? []
      const path = escaped.replaceAll(/%(25|0A|0D)/g, (code) => decodeURIComponent(code))
      if (hash === "") problems.push(`${manifest}: not a line of a manifest: ${line}`)
      if (listed.has(path)) problems.push(`${manifest}: ${path} is listed twice`)
      if (/^[/~]|\\|(?:^|\/)\.{0,2}(?:\/|$)/.test(path)) problems.push(`${manifest}: ${path} may lead elsewhere`)
      listed.set(path, hash)
    }
    for (const path of files.filter(isListed)) {
      const expected = listed.get(path)
      const actual = createHash("sha512")
        .update(await readFile(join(folder, path)))
        .digest("hex")
      if (expected === undefined) problems.push(`${manifest}: ${path} is not listed`)
      else if (actual !== expected) problems.push(`${manifest}: ${path} has another hash`)
    }
    const there = new Set(files.filter(isListed))
    problems.push(
      ...Array.from(listed.keys(), (path) => path).flatMap((path) => (there.has(path) ? [] : [`${path} is missing`]))
    )
    return [...listed.keys()]
  }

  if ((await text("bagit.txt")) !== "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n") {
    problems.push("bagit.txt is not the declaration")
  }
  const isPayload = (path: string): boolean => path.startsWith("data/")
  const payload = await check(payloadManifest, isPayload)
  const tags = await check(tagManifest, (path) => !isPayload(path) && path !== tagManifest)
  const info = infoOf(await text("bag-info.txt"))
  const sizes = await Promise.all(
    files.filter(isPayload).map(async (path) => (await readFile(join(folder, path))).length)
  )
  const oxum = `${sizes.reduce((sum, size) => sum + size, 0)}.${sizes.length}`
  if (info.get("Payload-Oxum") !== oxum) problems.push(`Payload-Oxum is not ${oxum}`)
  if (!/^\d{4}-\d\d-\d\d$/.test(info.get("Bagging-Date") ?? "")) problems.push("Bagging-Date is no date")
  if (!(await readdir(folder)).includes("data")) problems.push("there is no payload folder")
  return { problems, info, payload, tags }
}

const linesOf = (text: string): ReadonlyArray<string> => text.split("\n").slice(0, -1)

const infoOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    linesOf(text).map((line) => {
      const [, label = "", value = ""] = /^([^:\s][^:]*): (.*)$/.exec(line) ?? []
      return [label, value] as const
    })
  )
