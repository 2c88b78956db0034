import {
  asRegion,
  type Capability,
  defineSource,
  Forbidden,
  Gone,
  type GoneWhy,
  NotFound,
  Pending,
  type Reason,
  type RecordingReference,
  type RecordingSource,
  Unavailable,
  Unsupported
} from "@callreel/recording"
import { Clock, Effect, Stream } from "effect"
import type { Archive } from "./Archive.ts"
import type { ArchiveError } from "./ArchiveError.ts"
import type { Entry } from "./Entry.ts"
import { recordingOf } from "./internal/found.ts"

const capability: Capability = {
  changes: false,
  link: false,
  stats: true,
  remove: false,
  removeWindow: false,
  requestArchive: false,
  notification: false,
  listByDirection: "here",
  listByNumber: "here",
  listByExtension: "here",
  listByQueue: "here",
  listOrder: "oldest-first",
  findByCallId: false,
  findByEvent: false,
  audioWithRange: false,
  hasBytes: true,
  hasDuration: true,
  hasChecksum: true,
  hasMediaType: true,
  hasQueue: true,
  getIsSlow: false,
  audioRequests: 0
}

/** Which source of an archive. */
export interface ArchivedSource {
  readonly name: string
  readonly provider: string
  /** Region for numbers without a country code, as the source has it. */
  readonly region?: string
}

/**
 * The recordings of one source as the archive has them: a source like the vendor's, that needs no vendor. Its Recordings are
 * those that the vendor's source gave, link secrets masked; audio comes from the archive.
 */
export const archiveSource = (
  { destination, ledger }: Archive,
  { name, provider, region }: ArchivedSource
): RecordingSource => {
  const find = ({ id }: RecordingReference): Effect.Effect<Entry, Reason> =>
    Effect.gen(function* () {
      const entry = yield* Effect.mapError(ledger.find({ source: name, id }), toReason)
      return entry ?? (yield* new NotFound({ what: "the recording in the archive" }))
    })
  const country = region === undefined ? undefined : asRegion(region)
  const recording = (entry: Entry) => Effect.mapError(recordingOf(entry), toReason)
  return defineSource({
    name,
    provider,
    capability,
    ...(country && { region: country }),
    list: ({ from, to }) =>
      ledger.entries({ source: name, from, to, states: ["archived", "pending", "unavailable", "failed"] }).pipe(
        Stream.mapError(toReason),
        Stream.mapEffect((page) => Effect.forEach(page, recording)),
        Stream.flattenIterable
      ),
    get: (reference) => Effect.flatMap(find(reference), recording),
    find: () => Effect.fail(new Unsupported({ capability: "findByCallId" })),
    audio: (reference) =>
      Effect.gen(function* () {
        const entry = yield* find(reference)
        if (entry.file === undefined) return yield* whyWithoutAudio(entry)
        const { bytes, mediaType, path } = entry.file
        return {
          mediaType,
          bytes,
          filename: path.slice(path.lastIndexOf("/") + 1),
          stream: Stream.mapError(destination.read(path), toReason)
        }
      }),
    check: Effect.succeed({ permissions: [], limits: [] }),
    stats: ({ from, to }) =>
      Effect.map(Effect.mapError(ledger.counts({ source: name, from, to }), toReason), ({ archived, bytes }) => ({
        recordings: archived,
        bytes
      }))
  })
}

const whyWithoutAudio = ({ reason, retryAt, state }: Entry): Effect.Effect<never, Reason> =>
  Effect.flatMap(Clock.currentTimeMillis, (now): Effect.Effect<never, Reason> => {
    switch (state) {
      case "pending":
      case "failed":
        return Effect.fail(new Pending({ retryAt: retryAt ?? new Date(now), detail: "the audio is not archived yet" }))
      case "erased":
        return Effect.fail(new Gone({ why: "deleted", detail: "the recording was erased from the archive" }))
      case "archived":
      case "unavailable":
        return reason === "forbidden"
          ? Effect.fail(new Forbidden({ detail: "the vendor refused the audio when it was to be archived" }))
          : Effect.fail(new Gone({ why: goneWhy(reason), detail: "the vendor had no audio of it" }))
    }
  })

const goneWhy = (reason: string | undefined): GoneWhy =>
  reason === "too-short" || reason === "expired" || reason === "deleted" ? reason : "absent"

const toReason = ({ detail, reason }: ArchiveError): Reason =>
  reason === "NotFound" ? new NotFound({ what: detail }) : new Unavailable({ detail })
