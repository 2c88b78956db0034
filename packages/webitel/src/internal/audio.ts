/** The audio of a file, and its address (docs/vendors/webitel.md#audio). */
import {
  type Audio,
  type AudioOptions,
  Gone,
  isRecording,
  type Reason,
  type RecordingLink,
  type RecordingReference
} from "@callreel/recording"
import { firstWay } from "@callreel/transport"
import { Duration, Effect, type Scope } from "effect"
import type { Api } from "./api.ts"
import { instantOf } from "./map.ts"
import type { StoredFiles } from "./storedFiles.ts"

/** The storage reads its files' rows from a replica, which may be behind: what was listed just now is asked for again. */
const replicaLag = [Duration.millis(300), Duration.seconds(1), Duration.seconds(2)]

/** Files have numbers; no other id comes into being a moment later. */
const isFileId = (id: string): boolean => /^\d+$/.test(id)

/** The audio, of the size that was listed: there is no checksum. From the storage's own files first, where they are at hand. */
export const openAudio = (
  api: Pick<Api, "audio">,
  reference: RecordingReference,
  { range }: AudioOptions,
  files?: Pick<StoredFiles, "audio">
): Effect.Effect<Audio<Reason>, Reason, Scope.Scope> => {
  const listed = isRecording(reference) ? reference : undefined
  if (listed?.availability.state === "unavailable") {
    return Effect.fail(new Gone({ why: "absent", detail: "the recording has no bytes" }))
  }
  const expectedBytes = listed?.audio?.bytes
  const request = { ...(range && { range }), ...(expectedBytes !== undefined && { expectedBytes }) }
  const open = api.audio(reference.id, request)
  const lags = listed !== undefined ? replicaLag : isFileId(reference.id) ? replicaLag.slice(0, 1) : []
  const patient = lags.reduce(
    (tried, lag) => Effect.catchTag(tried, "NotFound", () => Effect.andThen(Effect.sleep(lag), open)),
    open
  )
  // The last way is asked again where its answer is short, or a proxy's page in place of audio.
  return firstWay([
    ...(files === undefined ? [] : [{ name: "the storage's own files", open: files.audio(reference.id, request) }]),
    { name: "the storage", open: patient }
  ])
}

/** An address with the token in it, for programs that can send no header: a secret, as long as the token lives. */
export const linkOf = (
  api: Pick<Api, "audio" | "linkWithToken" | "userInfo">,
  reference: RecordingReference
): Effect.Effect<RecordingLink, Reason> =>
  Effect.gen(function* () {
    yield* Effect.scoped(openAudio(api, { id: reference.id }, { range: { start: 0, end: 0 } }))
    const { value } = yield* api.userInfo
    const expiresAt = expiryOf(value.expires_at)
    return {
      url: api.linkWithToken(reference.id),
      authentication: "none",
      permanent: expiresAt === undefined,
      ...(expiresAt && { expiresAt })
    }
  })

/** Seconds since 1970 by the description; milliseconds have been seen elsewhere in the same API. */
const expiryOf = (value: number | string | null | undefined): Date | undefined => {
  const at = instantOf(value)
  return at !== undefined && at.getTime() < 1e11 ? new Date(at.getTime() * 1000) : at
}
