import type { Dirent } from "node:fs"
import { lstat, opendir } from "node:fs/promises"
import { join } from "node:path"
import type { StoredFile } from "../../Destination.ts"
import { systemErrorCode } from "../systemError.ts"
import { ownFolder } from "./archivePath.ts"

/** Files on one page. */
const pageSize = 1_000

/**
 * The files below a folder of an archive, in pages: a folder's own in the order of their names, then its folders one after
 * another. Memory is bounded by the names of one folder and those above it.
 *
 * Symbolic links, devices and what vanishes meanwhile are not files of the archive. Rejects with the system's error.
 */
export async function* walkFolder(root: string, path: string): AsyncGenerator<ReadonlyArray<StoredFile>> {
  const { files, folders } = await namesOf(join(root, path))
  for (let index = 0; index < files.length; index += pageSize) {
    const page = await Promise.all(files.slice(index, index + pageSize).map((name) => fileAt(root, pathOf(path, name))))
    const there = page.filter((file) => file !== undefined)
    if (there.length > 0) yield there
  }
  for (const name of folders) {
    if (path !== "" || name !== ownFolder) yield* walkFolder(root, pathOf(path, name))
  }
}

const pathOf = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`)

const namesOf = async (
  folder: string
): Promise<{ readonly files: ReadonlyArray<string>; readonly folders: ReadonlyArray<string> }> => {
  const entries: Array<Dirent> = []
  try {
    for await (const entry of await opendir(folder)) entries.push(entry)
  } catch (error) {
    if (!isGone(error)) return Promise.reject(error)
  }
  const namesOfThose = (isOne: (entry: Dirent) => boolean) =>
    entries
      .filter(isOne)
      .map(({ name }) => name)
      .toSorted()
  return { files: namesOfThose((entry) => entry.isFile()), folders: namesOfThose((entry) => entry.isDirectory()) }
}

const fileAt = (root: string, path: string): Promise<StoredFile | undefined> =>
  lstat(join(root, path)).then(
    (found) => (found.isFile() ? { path, bytes: found.size } : undefined),
    (error: unknown) => (isGone(error) ? undefined : Promise.reject(error))
  )

const isGone = (error: unknown): boolean => ["ENOENT", "ENOTDIR"].includes(systemErrorCode(error) ?? "")
