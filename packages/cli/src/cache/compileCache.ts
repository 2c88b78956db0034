import module from "node:module"
import { join } from "node:path"

/**
 * Lets Node keep what it compiled of this program for the next run, in callreel's own cache folder: in that for temporary
 * files, Node's default, others might put code of theirs. Where nothing can be kept, a start takes a fifth longer, and
 * that is all.
 */
export const enableCompileCache = async (env: Readonly<Record<string, string | undefined>>): Promise<void> => {
  try {
    // Loaded here, as it fails where a user has no home folder.
    const { cacheFolder } = await import("./cacheFolder.ts")
    module.enableCompileCache(join(cacheFolder(env), "compiled"))
  } catch {
    // Nothing is kept.
  }
}
