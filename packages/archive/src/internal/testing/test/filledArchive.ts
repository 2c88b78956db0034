/** An archive in a temporary folder with recordings in it, as a run leaves them. */
import { keyOf, type Recording } from "@callreel/recording"
import { composeAudio, memoryCapability } from "@callreel/testkit"
import { Effect, type Scope } from "effect"
import { createHash } from "node:crypto"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Archive } from "../../../Archive.ts"
import type { ArchiveError } from "../../../ArchiveError.ts"
import type { ArchivedFile, Entry } from "../../../Entry.ts"
import { openArchive } from "../../../openArchive.ts"
import { foundOf } from "../../found.ts"
import { makeLayout, sidecarOf } from "../../layout.ts"
import { listed, tried } from "../../state.ts"
import { sidecarBytes } from "../../sync/storeAudio.ts"

/** An archive, where it is, and what is in it. */
export interface FilledArchive extends Archive {
  readonly folder: string
  /** A folder outside the archive that goes with it. */
  readonly elsewhere: string
  readonly files: ReadonlyArray<ArchivedFile>
}

/** A file of the archive by its number, in the order in which recordings were given. */
export const fileAt = ({ files }: Pick<FilledArchive, "files">, index: number): ArchivedFile => {
  const file = files[index]
  if (file === undefined) throw new Error(`there is no file ${index}`)
  return file
}

const unmasked = { maskRaw: (raw: unknown) => raw }

/** A recording of a call on 1 March 2026, `minute` minutes after noon. */
export const recordingAt = (source: string, id: string, minute: number): Recording => ({
  source,
  provider: "test",
  account: "1",
  id,
  call: {
    id: `call-${id}`,
    direction: "inbound",
    outcome: "answered",
    startedAt: new Date(Date.UTC(2026, 2, 1, 12, minute)),
    from: { number: "+74951234567", e164: "+74951234567" }
  },
  kind: "automatic",
  durationSeconds: 1,
  audio: { mediaType: "audio/mpeg" },
  availability: { state: "available" },
  raw: {}
})

/** Archives these recordings, each with a second of audio of its own. All of it is removed with the scope. */
export const filledArchive = (
  recordings: ReadonlyArray<Recording>
): Effect.Effect<FilledArchive, ArchiveError, Scope.Scope> =>
  Effect.gen(function* () {
    const temporary = yield* Effect.acquireRelease(
      Effect.promise(() => mkdtemp(join(tmpdir(), "callreel-archive-"))),
      (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
    )
    const folder = join(temporary, "archive")
    const archive = yield* openArchive({ url: folder })
    const files = yield* Effect.forEach(recordings, (recording) => store(archive, recording))
    return { ...archive, folder, files, elsewhere: join(temporary, "elsewhere") }
  })

const archivedAt = new Date(Date.UTC(2026, 2, 2))

const store = ({ destination, ledger }: Archive, recording: Recording): Effect.Effect<ArchivedFile, ArchiveError> =>
  Effect.gen(function* () {
    const layout = yield* makeLayout()
    const audio = composeAudio({ kind: "mp3-mono-8k", seed: keyOf(recording), durationSeconds: 1 })
    const bytes = audio.chunk(0, audio.bytes)
    const file: ArchivedFile = {
      path: layout.pathOf(recording, audio.mediaType),
      bytes: bytes.length,
      sha512: createHash("sha512").update(bytes).digest("hex"),
      mediaType: audio.mediaType,
      durationSeconds: audio.durationSeconds,
      archivedAt
    }
    yield* destination.put(sidecarOf(file.path), sidecarBytes(unmasked, recording, file), "application/vcon")
    yield* destination.put(file.path, bytes, audio.mediaType)
    const found = foundOf(recording, { ...unmasked, capability: memoryCapability, name: recording.source })
    yield* ledger.put(tried(listed(undefined, found, archivedAt), { outcome: "archived", file }))
    return file
  })

/** Changes a file in the archive behind its back. */
export const damage = (
  { folder }: Pick<FilledArchive, "folder">,
  path: string,
  change: (content: Buffer) => Uint8Array | undefined
): Effect.Effect<void> =>
  Effect.promise(async () => {
    const location = join(folder, path)
    const changed = change(await readFile(location))
    await (changed === undefined ? rm(location) : writeFile(location, changed))
  })

/** The entry of a recording, which must be there. */
export const entryOf = (
  { ledger }: Pick<Archive, "ledger">,
  source: string,
  id: string
): Effect.Effect<Entry, ArchiveError> =>
  Effect.flatMap(ledger.find({ source, id }), (entry) =>
    entry === undefined ? Effect.die(new Error(`no entry ${source}:${id}`)) : Effect.succeed(entry)
  )
