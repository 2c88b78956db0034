import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { join, relative } from "node:path"
import { type FolderRunOptions, makeFolder, type Run, runInFolder } from "./runInFolder.ts"
import { memoryProviders, recordingAt, type World } from "./memoryProvider.ts"

/** Two sources, and an archive in a folder beside the configuration. */
export const archiveConfiguration = {
  sources: {
    office: { provider: "memory", since: "2026-03-01" },
    us: { provider: "memory", since: "2026-03-01" }
  },
  archive: { url: "file:./archive" }
}

/** A folder with a configured archive, and how the command is run in it. */
export interface ArchiveFolder {
  readonly folder: string
  /** The archive's folder; not there before the first run. */
  readonly archive: string
  readonly run: (...argv: ReadonlyArray<string>) => Promise<Run>
  readonly runWith: (options: FolderRunOptions, ...argv: ReadonlyArray<string>) => Promise<Run>
}

export const makeArchiveFolder = async (
  world: World,
  configuration: unknown = archiveConfiguration
): Promise<ArchiveFolder> => {
  const folder = await makeFolder(configuration)
  const runWith = (options: FolderRunOptions, ...argv: ReadonlyArray<string>) =>
    runInFolder(folder, memoryProviders(world), argv, options)
  return { folder, archive: join(folder, "archive"), runWith, run: (...argv) => runWith({}, ...argv) }
}

/** Three recordings of the office and two of the us in March 2026, a day apart. */
export const fillWorld = (world: World): void => {
  world.recordings.push(
    recordingAt("office", "a", "2026-03-01T10:00:00Z"),
    recordingAt("us", "b", "2026-03-02T10:00:00Z"),
    recordingAt("office", "c", "2026-03-03T10:00:00Z"),
    recordingAt("us", "d", "2026-03-04T10:00:00Z"),
    recordingAt("office", "e", "2026-03-05T10:00:00Z")
  )
}

/** Every file below a folder, by its path: the SHA-256 of its content. */
export const filesBelow = async (folder: string): Promise<Readonly<Record<string, string>>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map(({ name, parentPath }) => join(parentPath, name))
  const hashes: Record<string, string> = {}
  for (const path of paths.toSorted()) {
    hashes[relative(folder, path)] = createHash("sha256")
      .update(await readFile(path))
      .digest("hex")
  }
  return hashes
}
