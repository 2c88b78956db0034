import { statSync } from "node:fs"
import { join } from "node:path"
import { filesIn } from "./archivedFiles.ts"

interface Sum {
  readonly files: number
  readonly bytes: number
}

/** A folder as lines of text: its folders down to a depth, each with how many files are below it and their size. */
export const folderTree = (folder: string, depth: number): string => {
  const sums = new Map<string, Sum>()
  for (const path of filesIn(folder)) {
    const { size } = statSync(join(folder, path))
    const names = path.split("/").slice(0, -1)
    for (let level = 0; level <= Math.min(depth, names.length); level += 1) {
      const name = [folder, ...names.slice(0, level)].join("/")
      const { bytes, files } = sums.get(name) ?? { files: 0, bytes: 0 }
      sums.set(name, { files: files + 1, bytes: bytes + size })
    }
  }
  return [...sums]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(lineOf)
    .join("\n")
}

const lineOf = ([path, { bytes, files }]: readonly [string, Sum]): string => {
  const names = path.split("/")
  const name = `${"  ".repeat(names.length - 1)}${names.at(-1)}/`
  return `${name.padEnd(24)}${String(files).padStart(6)} files${(bytes / 1e6).toFixed(1).padStart(9)} MB`
}
