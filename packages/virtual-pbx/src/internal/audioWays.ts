/** The ways to the audio of one recording, in the configured order (docs/vendors/virtual-pbx.md#audio). */
import {
  type Audio,
  type AudioOptions,
  Gone,
  isRecording,
  NotFound,
  type Reason,
  type RecordingLink,
  type RecordingReference
} from "@callreel/recording"
import { firstWay, type Way } from "@callreel/transport"
import { Effect, type Scope } from "effect"
import type { AudioWay, VirtualPbxOptions } from "../VirtualPbxOptions.ts"
import type { Api } from "./api.ts"
import { openFtp } from "./ftp.ts"

const defaultWays: ReadonlyArray<AudioWay> = ["storage", "api"]

/** The audio by the first way that gives it whole. A listed size is what the file must have. */
export const openAudio = (
  api: Api,
  options: VirtualPbxOptions,
  reference: RecordingReference,
  { range }: AudioOptions
): Effect.Effect<Audio<Reason>, Reason, Scope.Scope> => {
  const listed = isRecording(reference) ? reference : undefined
  if (listed?.availability.state === "unavailable" && listed.availability.reason === "absent") {
    return Effect.fail(new Gone({ why: "absent", detail: "the recording has no bytes" }))
  }
  const { id } = reference
  const sizeOf =
    listed?.audio?.bytes === undefined && range === undefined ? askSize(api, id) : Effect.succeed(listed?.audio?.bytes)

  const open = (way: AudioWay, request: Parameters<Api["media"]>[1]): Way["open"] => {
    switch (way) {
      case "storage":
        return Effect.flatMap(storageLink(api, reference), (url) => api.media({ way, url }, request))
      case "api":
      case "basic":
        return api.media({ way, recordUuid: id }, request)
      case "ftp":
        return options.ftp === undefined ? Effect.fail(notConfigured(way)) : byFtp(api, options.ftp, id, range)
    }
  }
  return Effect.flatMap(sizeOf, (expectedBytes) => {
    const request = { ...(range && { range }), ...(expectedBytes !== undefined && { expectedBytes }) }
    return firstWay((options.audioVia ?? defaultWays).map((way) => ({ name: way, open: open(way, request) })))
  })
}

/**
 * The size that the audio of a bare id must have: a file that is short, with a length that agrees with it, looks whole.
 * Where the platform does not tell, the audio is still worth trying.
 */
const askSize = (api: Api, id: string): Effect.Effect<number | undefined> =>
  api.path(id).pipe(
    Effect.map((path) => path.file_size),
    Effect.orElseSucceed(() => undefined)
  )

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
        return Effect.succeed({ url: api.fileUrl(reference.id, way), authentication: "bearer", permanent: true })
      case "basic":
        return Effect.succeed({ url: api.fileUrl(reference.id, way), authentication: "basic", permanent: true })
      case "ftp":
        return Effect.fail(notConfigured(way))
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
  return typeof raw.storage_url === "string" && raw.storage_url !== "" ? raw.storage_url : undefined
}

const byFtp = (
  api: Api,
  options: NonNullable<VirtualPbxOptions["ftp"]>,
  id: string,
  range: AudioOptions["range"]
): Way["open"] => Effect.flatMap(api.path(id), ({ filename }) => openFtp(options, filename, range))

const notConfigured = (way: AudioWay): NotFound => new NotFound({ what: `the option ${way}` })
