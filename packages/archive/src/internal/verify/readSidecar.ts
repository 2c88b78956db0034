/** The vCon beside an audio file, and whether it belongs to it. */
import { keyOf } from "@callreel/recording"
import { contentHashOf, parseVcon, recordingOf, type Vcon } from "@callreel/vcon"
import { Effect, Result, Stream } from "effect"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Destination } from "../../Destination.ts"
import type { ArchivedFile, Entry } from "../../Entry.ts"
import { recordingOf as listedRecording } from "../found.ts"
import { sidecarOf } from "../layout.ts"
import { sidecarBytes } from "../sync/storeAudio.ts"

/** Sidecars are some kilobytes; what is longer was not made here. */
const longest = 16 * 1024 * 1024

/** A sidecar as it was written, or what it should be and is not. */
export type Sidecar =
  | { readonly path: string; readonly bytes: Uint8Array; readonly difference?: never }
  | { readonly path: string; readonly difference: { readonly expected: string; readonly actual: string } }

/** Reads the sidecar of a file: it must be a vCon with the file's hash, and the recording of the entry in it. */
export const readSidecar = (
  destination: Destination,
  entry: Entry,
  file: ArchivedFile
): Effect.Effect<Sidecar, ArchiveError> =>
  Effect.gen(function* () {
    const path = sidecarOf(file.path)
    const expected = `a vCon of ${keyOf(entry)}`
    const bytes = yield* readSmall(destination, path)
    if (typeof bytes === "string") return { path, difference: { expected, actual: bytes } }
    const vcon = yield* Effect.result(parseVcon(new TextDecoder().decode(bytes)))
    if (Result.isFailure(vcon)) return { path, difference: { expected, actual: vcon.failure.message } }
    const difference = differenceOf(vcon.success, entry, file) ?? (yield* changeOf(bytes, entry, file))
    return difference === undefined ? { path, bytes } : { path, difference }
  })

const differenceOf = (
  vcon: Vcon,
  entry: Entry,
  { sha512 }: ArchivedFile
): { readonly expected: string; readonly actual: string } | undefined => {
  const recording = recordingOf(vcon)
  const key = recording === undefined ? "no recording" : keyOf(recording)
  if (key !== keyOf(entry)) return { expected: keyOf(entry), actual: key }
  const hashes = vcon.dialog?.flatMap(({ content_hash = [] }) => content_hash) ?? []
  const expected = contentHashOf(sha512)
  return hashes.includes(expected) ? undefined : { expected, actual: hashes[0] ?? "no content hash" }
}

/** The ledger has all that a sidecar is made of, and the same facts make the same bytes. */
const changeOf = (
  bytes: Uint8Array,
  entry: Entry,
  file: ArchivedFile
): Effect.Effect<{ readonly expected: string; readonly actual: string } | undefined, ArchiveError> =>
  Effect.map(listedRecording(entry), (recording) => {
    const written = sidecarBytes({ maskRaw: (raw) => raw }, recording, file)
    return Buffer.compare(written, bytes) === 0
      ? undefined
      : { expected: `the vCon of ${keyOf(entry)}`, actual: "one that says something else" }
  })

/** The bytes, or why there are none. */
const readSmall = (
  destination: Destination,
  path: string
): Effect.Effect<Uint8Array | "missing" | "too long to be one", ArchiveError> =>
  Effect.suspend(() => {
    const pieces: Array<Uint8Array> = []
    let length = 0
    return Stream.runForEachWhile(destination.read(path), (piece) => {
      pieces.push(piece)
      length += piece.length
      return Effect.succeed(length <= longest)
    }).pipe(
      Effect.map(() => (length > longest ? ("too long to be one" as const) : Buffer.concat(pieces))),
      Effect.catchIf(
        ({ reason }) => reason === "NotFound",
        () => Effect.succeed("missing" as const)
      )
    )
  })
