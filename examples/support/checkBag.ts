/** Reads a bag by RFC 8493 without any of callreel's code. */
import { createHash } from "node:crypto"
import { readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import { filesIn } from "./archivedFiles.ts"

/** What is wrong with a bag, and the hashes of its payload by path in `data/`. */
export interface CheckedBag {
  readonly problems: ReadonlyArray<string>
  readonly payload: ReadonlyMap<string, string>
}

/** Every file must be in its manifest with its hash, every line must have its file, and the sizes must add up. */
export const checkBag = async (bag: string): Promise<CheckedBag> => {
  const files = filesIn(bag)
  const isPayload = (path: string): boolean => path.startsWith("data/")
  const tags = files.filter((path) => !isPayload(path) && path !== "tagmanifest-sha512.txt")
  const payload = files.filter(isPayload)
  const sizes = await Promise.all(payload.map(async (path) => (await stat(join(bag, path))).size))
  const oxum = `Payload-Oxum: ${sizes.reduce((sum, size) => sum + size, 0)}.${sizes.length}`
  const info = (await readFile(join(bag, "bag-info.txt"), "utf8")).split("\n")
  const manifest = await checkManifest(bag, "manifest-sha512.txt", payload)
  const tagManifest = await checkManifest(bag, "tagmanifest-sha512.txt", tags)
  return {
    problems: [
      ...manifest.problems,
      ...tagManifest.problems,
      ...(info.includes(oxum) ? [] : [`bag-info.txt has no "${oxum}"`])
    ],
    payload: new Map(Array.from(manifest.hashes, ([path, hash]) => [path.slice("data/".length), hash]))
  }
}

const checkManifest = async (bag: string, manifest: string, files: ReadonlyArray<string>) => {
  const lines = (await readFile(join(bag, manifest), "utf8")).split("\n").filter((line) => line !== "")
  const hashes = new Map(lines.map((line) => [line.slice(130), line.slice(0, 128)]))
  const there = new Set(files)
  const problems = [...hashes.keys()].filter((path) => !there.has(path)).map((path) => `${path} is not in the bag`)
  for (const path of files) {
    const hash = createHash("sha512")
      .update(await readFile(join(bag, path)))
      .digest("hex")
    if (hashes.get(path) !== hash) problems.push(`${path} is not what ${manifest} says`)
  }
  return { hashes, problems }
}
