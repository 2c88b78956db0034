import type { FileHandle } from "node:fs/promises"
import { dirname } from "node:path"
import type { FileOperations } from "./fileOperations.ts"
import type { Folders } from "./folders.ts"
import { type GatheringBuffers, gatheredBytes } from "./gatheringBuffers.ts"
import { leastKept, type PartialFile, type PartialFiles } from "./partialFiles.ts"

/** What an incoming file needs of its archive. */
export interface FileStore {
  readonly folders: Folders
  readonly partials: PartialFiles
  readonly operations: FileOperations
  readonly buffers: GatheringBuffers
}

/**
 * One file on its way to `target`. A small one costs an open, a write, a sync, a close and a rename, and a sync of its
 * folder that it shares with files which come at the same moment. What goes wrong rejects with the system's error.
 *
 * One call at a time; `end` is always the last.
 */
export class IncomingFile {
  /** Bytes that an earlier try left. */
  readonly kept: number
  readonly #store: FileStore
  readonly #partial: PartialFile
  readonly #target: string
  #handle: FileHandle | undefined
  /** Bytes in the file, before those that wait. */
  #size: number
  /** Bytes that are not written yet; most calls fit, and are one write. */
  #gathered: Uint8Array | undefined
  #gatheredSize = 0
  #isCommitted = false

  constructor(store: FileStore, partial: PartialFile, target: string) {
    this.#store = store
    this.#partial = partial
    this.#target = target
    this.#handle = partial.found?.handle
    this.#size = partial.found?.bytes ?? 0
    this.kept = this.#size
  }

  /** Some of the bytes that were left behind, from `position`; empty at their end. */
  async readKept(position: number): Promise<Uint8Array> {
    const size = Math.min(gatheredBytes, this.kept - position)
    if (this.#handle === undefined || size <= 0) return new Uint8Array()
    const { buffer, bytesRead } = await this.#handle.read(new Uint8Array(size), 0, size, position)
    return buffer.subarray(0, bytesRead)
  }

  async restart(): Promise<void> {
    await this.#handle?.truncate(0)
    this.#size = 0
    this.#gatheredSize = 0
  }

  /** Takes bytes that the caller may change afterwards. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let taken = 0; taken < bytes.length;) {
      this.#gathered ??= this.#store.buffers.take()
      const fitting = bytes.subarray(taken, taken + gatheredBytes - this.#gatheredSize)
      this.#gathered.set(fitting, this.#gatheredSize)
      this.#gatheredSize += fitting.length
      taken += fitting.length
      if (this.#gatheredSize === gatheredBytes) await this.#flush()
    }
  }

  /** Gives the file its name. It, and the name, are on the disk then. */
  async commit(): Promise<void> {
    const { folders, operations } = this.#store
    await this.#flush()
    const handle = await this.#open()
    await operations.sync(handle)
    await this.#close()
    const folder = dirname(this.#target)
    await folders.inFolder(folder, () => operations.rename(this.#partial.location, this.#target))
    this.#isCommitted = true
    await folders.sync(folder)
  }

  /** Without a commit, keeps what is worth it for a later try, and removes the rest. */
  async end(): Promise<void> {
    const { partials } = this.#store
    if (this.#isCommitted) return partials.release(this.#partial, "renamed")
    const stays = this.#partial.canBeKept && this.#size >= leastKept && (await this.#isOnDisk())
    await this.#close()
    await partials.release(this.#partial, stays ? "stays" : "removed")
  }

  /** After a power failure, bytes that were never synced may be zeros; a later try would take them for audio. */
  #isOnDisk(): Promise<boolean> {
    if (this.#handle === undefined) return Promise.resolve(true)
    return this.#store.operations.sync(this.#handle).then(
      () => true,
      () => false
    )
  }

  async #flush(): Promise<void> {
    const bytes = this.#gathered?.subarray(0, this.#gatheredSize)
    if (bytes === undefined || bytes.length === 0) return
    this.#gatheredSize = 0
    await this.#append(bytes)
  }

  async #append(bytes: Uint8Array): Promise<void> {
    const handle = await this.#open()
    for (let done = 0; done < bytes.length;) {
      const written = await this.#store.operations.write(handle, bytes.subarray(done), this.#size)
      done += written
      this.#size += written
    }
  }

  async #open(): Promise<FileHandle> {
    this.#handle ??= await this.#store.partials.create(this.#partial)
    return this.#handle
  }

  async #close(): Promise<void> {
    if (this.#gathered !== undefined) this.#store.buffers.give(this.#gathered)
    this.#gathered = undefined
    this.#gatheredSize = 0
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close()
  }
}
