/**
 * Audio that stands under its name in the archive although the ledger does not know it: the process was killed between the
 * two, or the ledger was lost. Its sidecar, which is written first, says what it must be; then it need not be fetched again.
 */
import type { Recording } from "@callreel/recording"
import { contentHashOf, parseVcon, recordingOf } from "@callreel/vcon"
import { Clock, Effect, Option, Stream } from "effect"
import { createHash } from "node:crypto"
import { posix } from "node:path"
import type { Destination } from "../../Destination.ts"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { ArchivedFile } from "../../Entry.ts"
import { measure } from "../../Measure.ts"
import type { Layout } from "../layout.ts"
import { sidecarBytes, type Stored, storedOf } from "./storeAudio.ts"

/** Sidecars are some kilobytes; what is longer was not made here. */
const longestSidecar = 16 * 1024 * 1024

/** The file of this recording, where it is there, whole, and what its sidecar says. */
export const adopt = (
  destination: Destination,
  layout: Layout,
  recording: Recording
): Effect.Effect<Option.Option<Stored>, ArchiveError> =>
  Effect.gen(function* () {
    const sidecarPath = layout.sidecarPathOf(recording)
    const stat = yield* destination.stat(sidecarPath)
    if (stat === undefined || stat.bytes > longestSidecar) return Option.none()
    const text = Buffer.concat(yield* Stream.runCollect(destination.read(sidecarPath))).toString("utf8")
    const vcon = yield* Effect.option(parseVcon(text))
    if (Option.isNone(vcon)) return Option.none()
    const [dialog] = vcon.value.dialog ?? []
    const about = recordingOf(vcon.value)
    const { content_hash: expected, filename, mediatype } = dialog ?? {}
    if (about?.source !== recording.source || about.id !== recording.id) return Option.none()
    if (typeof expected !== "string" || filename === undefined || mediatype === undefined) return Option.none()
    const path = layout.pathOf(recording, mediatype)
    if (posix.basename(path) !== filename || (yield* destination.stat(path)) === undefined) return Option.none()
    const hash = createHash("sha512")
    const measuring = measure(mediatype)
    let bytes = 0
    yield* Stream.runForEach(destination.read(path), (piece) => {
      bytes += piece.length
      hash.update(piece)
      const written = measuring.write(piece)
      return written === undefined ? Effect.void : Effect.promise(() => written)
    })
    const facts = yield* Effect.promise(() => measuring.finish())
    const sha512 = hash.digest("hex")
    if (contentHashOf(sha512) !== expected) return Option.none()
    const archivedAt = new Date(yield* Clock.currentTimeMillis)
    const file: ArchivedFile = { path, bytes, sha512, mediaType: mediatype, ...facts, archivedAt }
    // What is known of the call may be more by now.
    yield* destination.put(sidecarPath, sidecarBytes({ maskRaw: (raw) => raw }, recording, file), "application/vcon")
    return Option.some(storedOf(recording, file))
  })
