import { mkdir, stat } from "node:fs/promises"
import module from "node:module"
import { dirname, join } from "node:path"
import { isOurs } from "./isOurs.ts"

/**
 * Lets Node keep what it compiled of this program for the next run, in callreel's own cache folder: in that for temporary
 * files, Node's default, others might put code of theirs. Where nothing can be kept, or others can write there, a start
 * takes a fifth longer, and that is all.
 */
export const enableCompileCache = async (env: Readonly<Record<string, string | undefined>>): Promise<void> => {
  try {
    // Loaded here, as it fails where a user has no home folder.
    const { cacheFolder } = await import("./cacheFolder.ts")
    const folder = join(cacheFolder(env), "compiled")
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if ((await isClosed(dirname(folder))) && (await isClosed(folder))) module.enableCompileCache(folder)
  } catch {
    // Nothing is kept.
  }
}

/** Whether nobody else can put files there. */
const isClosed = async (folder: string): Promise<boolean> => {
  const { mode, uid } = await stat(folder)
  return isOurs(uid) && (process.platform === "win32" || (mode & 0o022) === 0)
}
