import type { FileHandle } from "node:fs/promises"
import { basename } from "node:path"
import { type FileOperations, nodeFileOperations } from "../../destination/fileOperations.ts"

/** Node's operations, each noted when it has succeeded: `sync 3`, `rename a.mp3`. Files are named by their last name. */
export const recordedOperations = (): { readonly operations: FileOperations; readonly done: Array<string> } => {
  const done: Array<string> = []
  const names = new WeakMap<FileHandle, string>()
  const nameOf = (file: FileHandle) => names.get(file) ?? "?"
  // Of what is on its way only the ending is foreseeable.
  const short = (path: string) => basename(path).replace(/^[0-9a-f-]{30,}/, "")
  return {
    done,
    operations: {
      open: async (path, flags, mode) => {
        const file = await nodeFileOperations.open(path, flags, mode)
        names.set(file, short(path))
        done.push(`open ${short(path)}`)
        return file
      },
      write: async (file, bytes, position) => {
        const written = await nodeFileOperations.write(file, bytes, position)
        done.push(`write ${nameOf(file)} ${written}`)
        return written
      },
      sync: async (file) => {
        await nodeFileOperations.sync(file)
        done.push(`sync ${nameOf(file)}`)
      },
      rename: async (from, to) => {
        await nodeFileOperations.rename(from, to)
        done.push(`rename ${short(to)}`)
      },
      mkdir: async (path) => {
        await nodeFileOperations.mkdir(path)
        done.push(`mkdir ${short(path)}`)
      }
    }
  }
}

/** Node's operations, one of which fails as the system does with a code. */
export const failing = (operation: keyof FileOperations, code: string): FileOperations => {
  const fail = () => Promise.reject(Object.assign(new Error(`${code}: s3cret`), { code }))
  return { ...nodeFileOperations, [operation]: fail }
}
