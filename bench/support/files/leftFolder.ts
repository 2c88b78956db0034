import { rmSync } from "node:fs"
import { mkdtemp, readdir, truncate } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

const left: Array<string> = []

process.once("exit", () => {
  for (const folder of left) rmSync(folder, { recursive: true, force: true })
})

/**
 * A temporary folder that is removed when the benchmarks end, and not before: ext4 looks at every file that was deleted in
 * the minutes before when it makes one, so that what is removed after one program slows down the next.
 */
export const leftFolder = async (name: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `callreel-${name}-`))
  left.push(folder)
  return folder
}

/** Empties the files below a folder, so that they need no more space. */
export const emptyFiles = async (folder: string): Promise<void> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) if (entry.isFile()) await truncate(join(entry.parentPath, entry.name))
}
