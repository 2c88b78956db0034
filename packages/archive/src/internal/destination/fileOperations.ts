import { type FileHandle, mkdir, open, rename } from "node:fs/promises"

/** The calls by which a folder archive writes. A test counts them, or lets one fail as a full disk does. */
export interface FileOperations {
  readonly open: (path: string, flags: string, mode?: number) => Promise<FileHandle>
  /** Resolves to how many of the bytes were taken. */
  readonly write: (file: FileHandle, bytes: Uint8Array, position: number) => Promise<number>
  /** Returns when all of the file, or of the folder's names, is on the disk. */
  readonly sync: (file: FileHandle) => Promise<void>
  readonly rename: (from: string, to: string) => Promise<void>
  readonly mkdir: (path: string) => Promise<void>
}

/** Node's own. What is made is for its owner alone: recordings are personal data. */
export const nodeFileOperations: FileOperations = {
  open: (path, flags, mode = 0o600) => open(path, flags, mode),
  write: (file, bytes, position) =>
    file.write(bytes, 0, bytes.length, position).then(({ bytesWritten }) => bytesWritten),
  sync: (file) => file.sync(),
  rename,
  mkdir: (path) => mkdir(path, 0o700)
}
