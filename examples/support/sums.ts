import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import type { Fetched } from "./saveRecording.ts"

const name = "SHA512SUMS"

/** Writes the file that `sha512sum --check` reads, sorted by path. */
export const writeSums = async (folder: string, files: ReadonlyArray<Fetched>): Promise<void> => {
  const lines = files.map(({ path, sha512 }) => `${sha512}  ${path}\n`).toSorted(byPath)
  const target = join(folder, name)
  await writeFile(`${target}.partial`, lines.join(""))
  await rename(`${target}.partial`, target)
}

const byPath = (left: string, right: string): number => (left.slice(130) < right.slice(130) ? -1 : 1)

/** Reads every listed file again and compares; gives how many are good, fails at the first that is not. */
export const verifySums = async (folder: string): Promise<number> => {
  const lines = (await readFile(join(folder, name), "utf8")).split("\n").filter((line) => line !== "")
  for (const line of lines) {
    const path = line.slice(130)
    const hash = createHash("sha512")
    await pipeline(createReadStream(join(folder, path)), hash)
    if (hash.digest("hex") !== line.slice(0, 128)) throw new Error(`${path} is not what was fetched`)
  }
  return lines.length
}
