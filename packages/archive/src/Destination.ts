import type { Effect, Scope, Stream } from "effect"
import type { ArchiveError } from "./ArchiveError.ts"

/** A file in the archive. */
export interface StoredFile {
  /** With `/`, relative to the archive. */
  readonly path: string
  readonly bytes: number
}

/**
 * A file on its way into the archive. Nothing stands under its name before `commit` has succeeded, and then all of it
 * does, durably. When the scope closes without a commit, what came is dropped, or kept for a later try where `kept` is
 * told then.
 */
export interface Receiver {
  /** Bytes that an earlier try left behind; 0 where there are none. */
  readonly kept: number
  /** Reads what was left behind, from its beginning. */
  readonly keptBytes: Stream.Stream<Uint8Array, ArchiveError>
  /** Drops what was left behind. */
  readonly restart: Effect.Effect<void, ArchiveError>
  readonly write: (bytes: Uint8Array) => Effect.Effect<void, ArchiveError>
  readonly commit: Effect.Effect<void, ArchiveError>
}

/** Where the archive's files are. Paths are relative, with `/`, made by `layout.ts` and never by a vendor. */
export interface Destination {
  /** Name for messages, without credentials. */
  readonly name: string
  /** The folder of a local archive, absolute. */
  readonly folder?: string
  /** Receives a file; `mediaType` is told to storages that keep one. */
  readonly receive: (path: string, mediaType: string) => Effect.Effect<Receiver, ArchiveError, Scope.Scope>
  /** Writes a small file, whole or not at all. */
  readonly put: (path: string, content: Uint8Array, mediaType: string) => Effect.Effect<void, ArchiveError>
  /** Reads a file; fails with `NotFound` where there is none. */
  readonly read: (path: string) => Stream.Stream<Uint8Array, ArchiveError>
  /** The file's size, undefined where there is none. */
  readonly stat: (path: string) => Effect.Effect<StoredFile | undefined, ArchiveError>
  /** All files below a folder (`""` for all), in pages; without the archive's own (`.callreel`) and unfinished ones. */
  readonly list: (folder: string) => Stream.Stream<ReadonlyArray<StoredFile>, ArchiveError>
  /** Removes a file; it may be gone already. */
  readonly remove: (path: string) => Effect.Effect<void, ArchiveError>
  /** Drops unfinished files that no later try will go on with. */
  readonly tidy: Effect.Effect<void, ArchiveError>
}
