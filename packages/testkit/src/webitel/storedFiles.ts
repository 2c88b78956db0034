/** The bytes of files where a storage on the server's own site keeps them: in folders by tenant and day. */
import { mkdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { viewName } from "./callFile.ts"
import type { Context } from "./context.ts"
import type { FileEntry } from "./FileIndex.ts"
import { contentOf } from "./files.ts"

/** The name of a file in its folder: the leg it belongs to, and the name people see. */
export const storedName = (entry: FileEntry): string => `${entry.leg.id}_${viewName(entry)}`

/** The folder of a file below that of its storage profile. */
export const directoryOf = ({ settings }: Context, { file }: FileEntry): string =>
  `${settings.domain}/${new Date(file.queuedAt).toISOString().slice(0, 10).replaceAll("-", "/")}`

/** Whether a file has its row: also one that was marked as removed a moment ago. */
export const hasRow = ({ files }: Context, entry: FileEntry): boolean => {
  const state = files.stateOf(entry)
  return state !== "not-ready" && (state !== "removed" || files.isThere(entry)) && state !== "expired"
}

/** Writes every file that has its row below a folder, except those whose bytes are lost; how many they are. */
export const writeFiles = async (context: Context, folder: string): Promise<number> => {
  let written = 0
  for (const entry of context.fileIndex.all()) {
    if (!hasRow(context, entry) || entry.file.trouble === "unreadable") continue
    const path = join(folder, directoryOf(context, entry), storedName(entry))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, contentOf(entry.file).stream())
    written += 1
  }
  return written
}
