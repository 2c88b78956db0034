/** The ways to the audio of one recording, in the configured order (docs/vendors/virtual-pbx.md#audio). */
import {
  type Audio,
  type AudioOptions,
  Gone,
  isRecording,
  NotFound,
  type Pending,
  pendingReason,
  type Reason,
  type RecordingLink,
  type RecordingReference
} from "@callreel/recording"
import { firstWay, retrying, type Way } from "@callreel/transport"
import { Clock, Effect, type Scope } from "effect"
import { type AudioWay, idleTimeoutOf, pendingForOf, type VirtualPbxOptions } from "../VirtualPbxOptions.ts"
import type { Api } from "./api.ts"
import { type FtpLogin, type FtpRequest, openFtp } from "./ftp.ts"
import { parseTime } from "./time.ts"

const defaultWays: ReadonlyArray<AudioWay> = ["storage", "api"]

/** The audio by the first way that gives it whole. */
export const openAudio = (
  api: Api,
  options: VirtualPbxOptions,
  reference: RecordingReference,
  { range }: AudioOptions
): Effect.Effect<Audio<Reason>, Reason, Scope.Scope> =>
  Effect.gen(function* () {
    const file = yield* knownFile(api, reference, range !== undefined)
    const pending = yield* pendingOf(options, file)
    if (file.bytes === 0) return yield* pending ?? noBytes()
    if (file.bytes === null && pending !== undefined) return yield* pending
    const request = { ...(range && { range }), ...(file.bytes != null && { expectedBytes: file.bytes }) }
    const open = (way: AudioWay): Way["open"] => {
      switch (way) {
        case "storage":
          return Effect.flatMap(storageLink(api, reference), (url) => api.media({ way, url }, request))
        case "api":
        case "basic":
          return api.media({ way, recordUuid: reference.id }, request)
        case "ftp":
          return options.ftp === undefined
            ? notConfigured(way)
            : byFtp(api, { ...options.ftp, idleTimeout: idleTimeoutOf(options) }, reference.id, request)
      }
    }
    return yield* firstWay((options.audioVia ?? defaultWays).map((way) => ({ name: way, open: open(way) }))).pipe(
      Effect.catchTag("NotFound", (reason) => Effect.fail(pending ?? reason))
    )
  })

/** What is known of a file before it is asked for: how many bytes it must have, and when its call ended, or the file was begun. */
interface KnownFile {
  /** null while the platform has not counted them. */
  readonly bytes?: number | null
  readonly knownEnd?: Date
}

/**
 * The size as listed, else as `/path/` tells it: a file that is short, with a length that agrees with it, looks whole.
 * Where the platform does not know or tell the size, the audio is worth trying without; a part is not worth the request.
 */
const knownFile = (api: Api, reference: RecordingReference, partOnly: boolean): Effect.Effect<KnownFile, Reason> => {
  const listed = isRecording(reference) ? reference : undefined
  if (listed?.availability.state === "unavailable") return Effect.fail(noBytes())
  const bytes = listed?.audio?.bytes
  if (bytes !== undefined && bytes > 0) return Effect.succeed({ bytes })
  if (partOnly) return Effect.succeed({})
  return api.path(reference.id).pipe(
    Effect.map(({ file_size, record_datetime_gmt }) => {
      const knownEnd = reference.call?.endedAt ?? parseTime(record_datetime_gmt)
      return { bytes: file_size, ...(knownEnd && { knownEnd }) }
    }),
    Effect.catchTag(["NotFound", "Forbidden", "InvalidResponse"], () => Effect.succeed({}))
  )
}

/** A file that is not there is not written yet while its call is young: when to ask again, or undefined. */
const pendingOf = (options: VirtualPbxOptions, { knownEnd }: KnownFile): Effect.Effect<Pending | undefined> =>
  Effect.map(Clock.currentTimeMillis, (now) =>
    knownEnd === undefined
      ? undefined
      : pendingReason({ knownEnd, now: new Date(now), pendingFor: pendingForOf(options) })
  )

const noBytes = () => new Gone({ why: "absent", detail: "the recording has no bytes" })

/** The address of the first way that has one. A storage link needs no login: whoever has it has the audio. */
export const linkOf = (
  api: Api,
  options: VirtualPbxOptions,
  reference: RecordingReference
): Effect.Effect<RecordingLink, Reason> => {
  const link = (way: AudioWay): Effect.Effect<RecordingLink, Reason> => {
    switch (way) {
      case "storage":
        return Effect.map(storageLink(api, reference), (url) => ({ url, authentication: "none", permanent: true }))
      case "api":
      case "basic":
        // An address can be written for any id; `/path/` knows whether there is a recording behind it.
        return Effect.map(api.path(reference.id), () => ({
          url: api.fileUrl(reference.id, way),
          authentication: way === "api" ? "bearer" : "basic",
          permanent: true
        }))
      case "ftp":
        return notConfigured(way)
    }
  }
  const [first, ...others] = (options.audioVia ?? defaultWays).filter((way) => way !== "ftp")
  return others.reduce((tried, way) => Effect.catchTag(tried, "NotFound", () => link(way)), link(first ?? "api"))
}

/** The link that came with the row, else the one the platform makes on request; 404 where there is no external storage. */
const storageLink = (api: Api, reference: RecordingReference): Effect.Effect<string, Reason> => {
  const listed = isRecording(reference) ? storageUrlIn(reference.raw) : undefined
  return listed === undefined ? api.storageUrl(reference.id) : Effect.succeed(listed)
}

const storageUrlIn = (raw: unknown): string | undefined => {
  if (typeof raw !== "object" || raw === null || !("storage_url" in raw)) return undefined
  // A recording that was stored has its link masked: another is asked for.
  return typeof raw.storage_url === "string" && URL.canParse(raw.storage_url) ? raw.storage_url : undefined
}

const byFtp = (api: Api, options: FtpLogin, id: string, request: FtpRequest): Way["open"] =>
  Effect.flatMap(api.path(id), ({ filename }) => retrying(openFtp(options, filename, request)))

const notConfigured = (way: AudioWay) => Effect.fail(new NotFound({ what: `the option ${way}` }))
