/**
 * The audio of a recording: by an address built from its id, by the address in the call log, or by both in turn
 * (docs/vendors/ringcentral.md#audio). Each request counts against the same small limit, so none is made in vain.
 */
import {
  type Audio,
  type AudioOptions,
  Gone,
  isRecording,
  knownEnd,
  NotFound,
  type Reason,
  type Recording,
  type RecordingReference
} from "@callreel/recording"
import { firstWay, type Way } from "@callreel/transport"
import { Clock, Effect, type Scope } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { includesVoicemail, patienceOf, retentionOf, type RingCentralOptions } from "../RingCentralOptions.ts"
import type { Api } from "./api.ts"
import { classifyMissing } from "./classification.ts"
import { isYoung, keysOf, recordIn, recordsOfReference } from "./lookup.ts"
import { contentUriIn, messageExtensionOf, voicemailIn } from "./map.ts"
import { isRunning } from "./callTimes.ts"
import { openVoicemail } from "./voicemail.ts"
import { type LogRecord, RecordingMetadata } from "./wire.ts"

type Opening = Effect.Effect<Audio<Reason>, Reason, Scope.Scope>

/** Whether the call log can help after this answer; it can not where the token, the limit or the question is refused. */
export const isCurable = ({ _tag }: Reason): boolean =>
  _tag !== "Unauthorized" && _tag !== "RateLimited" && _tag !== "InvalidQuery"

/** The audio, or the reason why there is none. */
export const openAudio = (
  api: Api,
  options: RingCentralOptions,
  reference: RecordingReference,
  audioOptions: AudioOptions
): Opening =>
  Effect.gen(function* () {
    const listed = isRecording(reference) ? reference : undefined
    if (listed?.availability.state === "unavailable") return yield* goneAs(listed.availability.reason)
    if (listed?.kind === "voicemail") return yield* openVoicemail(api, voicemailOwner(listed), listed.id, audioOptions)
    const now = new Date(yield* Clock.currentTimeMillis)
    const patience = patienceOf(options)
    const known = listed && settledRecord(listed, now)
    let records: ReadonlyArray<LogRecord> | undefined = known && [known]
    const lookUp = Effect.suspend(() =>
      records === undefined
        ? Effect.tap(
            recordsOfReference(api, reference, {
              young: isYoung(knownEnd(reference), now, patience.pendingFor),
              voicemail: includesVoicemail(options)
            }),
            (found) => Effect.sync(() => (records = found))
          )
        : Effect.succeed(records)
    )
    return yield* firstWay(waysTo(api, options, reference, audioOptions, listed, lookUp)).pipe(
      Effect.catchTag("NotFound", (reason) =>
        includesVoicemail(options)
          ? asVoicemail(api, options, reference.id, records ?? [], audioOptions, reason)
          : Effect.fail(reason)
      ),
      Effect.mapError((reason) =>
        classifyMissing({
          reason,
          recordingId: reference.id,
          records,
          knownEnd: knownEnd(reference),
          now,
          patience,
          retention: retentionOf(options)
        })
      )
    )
  })

const waysTo = (
  api: Api,
  { strategy = "direct-first" }: RingCentralOptions,
  reference: RecordingReference,
  { range }: AudioOptions,
  listed: Recording | undefined,
  lookUp: Effect.Effect<ReadonlyArray<LogRecord> | undefined, Reason>
): ReadonlyArray<Way> => {
  const part = range ? { range } : {}
  const directUrl = api.audioUrl(reference.id)
  const listedUrl = listed && contentUriOf(listed)
  let directly: Reason | undefined
  // A log that cannot be read is no reason not to try the built address.
  const inLog =
    strategy === "direct-first"
      ? lookUp
      : Effect.catchTag(lookUp, ["Forbidden", "Unavailable"], () => Effect.fail(new NotInLog()))

  const direct: Way = {
    name: "the address built from the id",
    open: Effect.tapError(api.audio({ recordingId: reference.id }, part), (reason) =>
      Effect.sync(() => (directly = reason))
    ),
    fallsThrough: isCurable
  }
  const byLog: Way = {
    name: "the address in the call log",
    open: Effect.gen(function* () {
      const url = listedUrl ?? contentUriIn((yield* inLog) ?? [], reference.id)
      // What the built address answered says more than a log that knows no other.
      if (url === undefined) return yield* (strategy === "direct-first" && directly) || new NotInLog()
      // The very address that has just said "not found" would say so again.
      if (directly?._tag === "NotFound" && sameAddress(url, directUrl)) return yield* directly
      return yield* api.audio({ url }, part)
    }),
    // What the log does not have may be there all the same; an address that fails or is refused must not be got round.
    fallsThrough: (reason) => reason instanceof NotInLog
  }

  if (listedUrl !== undefined) {
    // The vendor's own word is as good as a lookup. Where its origin is not configured, our own media host is the other way.
    return api.trusts(listedUrl) || strategy === "call-log-first" ? [byLog] : [direct, byLog]
  }
  if (Object.keys(keysOf(reference)).length === 0) return [direct]
  return strategy === "direct-first" ? [direct, byLog] : [byLog, direct]
}

/** The record that a listed recording came with, unless more may have happened since. */
const settledRecord = ({ raw }: Recording, now: Date): LogRecord | undefined => {
  const record = recordIn(raw)
  return record !== undefined && !isRunning(record, now) ? record : undefined
}

/** The address that came with a recording: from the log, or with its metadata. */
export const contentUriOf = ({ id, raw }: Recording): string | undefined => {
  const record = recordIn(raw)
  if (record !== undefined) return contentUriIn([record], id)
  const metadata = RecordingMetadata.decode(raw)
  return Either.isRight(metadata) && String(metadata.right.id) === id ? metadata.right.contentUri : undefined
}

/** Whether two addresses are the same request; a default port may be written out. */
const sameAddress = (left: string, right: string): boolean => URL.parse(left)?.href === URL.parse(right)?.href

/** A bare id may be that of a voicemail; who may not read messages cannot know. */
const asVoicemail = (
  api: Api,
  { extension = "~" }: RingCentralOptions,
  id: string,
  records: ReadonlyArray<LogRecord>,
  audioOptions: AudioOptions,
  notFound: NotFound
): Opening =>
  openVoicemail(api, messageExtensionOf(voicemailIn(records, id)?.uri) ?? extension, id, audioOptions).pipe(
    Effect.catchTag(["NotFound", "InvalidOptions", "InvalidQuery"], () => Effect.fail(notFound))
  )

/** The extension that a listed voicemail was left for. */
export const voicemailOwner = ({ id, raw }: Recording): string => {
  const record = recordIn(raw)
  return messageExtensionOf(record && voicemailIn([record], id)?.uri) ?? "~"
}

/** The log has no address of the recording. */
class NotInLog extends NotFound {
  constructor() {
    super({ what: "the recording in the call log" })
  }
}

const goneAs = (reason: string): Reason =>
  reason === "too-short" || reason === "expired" || reason === "deleted"
    ? new Gone({ why: reason, detail: "there is no audio" })
    : new Gone({ why: "absent", detail: "there is no audio" })
