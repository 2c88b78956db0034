import { Effect, type Scope } from "effect"
import { createHash } from "node:crypto"
import { type FileHandle, mkdir, open } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { ArchiveError } from "../../ArchiveError.ts"
import { outputError } from "./outputError.ts"

/** Bytes gathered before they are written. */
const writeSize = 256 * 1024

/** How large a file is, and the SHA-512 of its bytes: 128 hexadecimal digits. */
export interface Written {
  readonly bytes: number
  readonly sha512: string
}

/** A new file outside the archive, hashed while it is written. For its owner alone, as what it holds is personal. */
export class OutputFile {
  readonly #handle: FileHandle
  readonly #path: string
  readonly #hash = createHash("sha512")
  #waiting: Array<Uint8Array> = []
  #waitingSize = 0
  #bytes = 0

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle
    this.#path = path
  }

  /** Makes the file in a folder, and the folders above it; it is closed with the scope. */
  static readonly open = (folder: string, path: string): Effect.Effect<OutputFile, ArchiveError, Scope.Scope> =>
    Effect.acquireRelease(
      Effect.tryPromise({
        try: async () => {
          const location = join(folder, path)
          await mkdir(dirname(location), { recursive: true, mode: 0o700 })
          return new OutputFile(await open(location, "wx", 0o600), location)
        },
        catch: (error) => outputError(join(folder, path), error)
      }),
      (file) => Effect.ignore(Effect.promise(() => file.#handle.close()))
    )

  write(bytes: Uint8Array): Effect.Effect<void, ArchiveError> {
    return Effect.suspend(() => {
      this.#hash.update(bytes)
      this.#bytes += bytes.length
      this.#waiting.push(bytes)
      this.#waitingSize += bytes.length
      return this.#waitingSize < writeSize ? Effect.void : this.#flush
    })
  }

  /** To be called once, after the last byte. */
  readonly end: Effect.Effect<Written, ArchiveError> = Effect.suspend(() =>
    Effect.map(this.#flush, () => ({ bytes: this.#bytes, sha512: this.#hash.digest("hex") }))
  )

  get #flush(): Effect.Effect<void, ArchiveError> {
    return Effect.tryPromise({
      try: async () => {
        const bytes = Buffer.concat(this.#waiting)
        this.#waiting = []
        this.#waitingSize = 0
        await this.#handle.appendFile(bytes)
      },
      catch: (error) => outputError(this.#path, error)
    })
  }
}

/** Makes a folder, and those above it. */
export const makeFolder = (folder: string): Effect.Effect<void, ArchiveError> =>
  Effect.tryPromise({
    try: () => mkdir(folder, { recursive: true, mode: 0o700 }),
    catch: (error) => outputError(folder, error)
  }).pipe(Effect.asVoid)

/** Writes a whole file. */
export const writeOutput = (folder: string, path: string, content: Uint8Array): Effect.Effect<Written, ArchiveError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const file = yield* OutputFile.open(folder, path)
      yield* file.write(content)
      return yield* file.end
    })
  )
