/** The preflight: login, permissions, clock and limits (docs/vendors/ringcentral.md#permissions). */
import { Forbidden, type Reason, type SourceCheck } from "@callreel/recording"
import { clockSkewSeconds } from "@callreel/transport"
import { Clock, Effect } from "effect"
import { includesVoicemail, type RingCentralOptions } from "../RingCentralOptions.ts"
import type { Api } from "./api.ts"
import { accountOf, recordingInfosOf } from "./map.ts"
import { readMessage } from "./voicemail.ts"

const hour = 3_600_000

/**
 * Reads the last hour of the call log, which needs the app's scope and, for the whole company, the user's permission; a
 * refusal names what is missing. Then whether the user may read recordings: without that, the content resource may say
 * "not found" as if there were none.
 */
export const check = (api: Api, options: RingCentralOptions): Effect.Effect<SourceCheck, Reason> =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const log = yield* api.log({ from: new Date(now - hour), to: new Date(now + hour), recorded: true })
    const recordingId = log.value.records.flatMap(recordingInfosOf).at(0)?.id
    const account =
      options.account !== undefined && options.account !== "~"
        ? options.account
        : accountOf(log.value.uri, ...log.value.records.map(({ uri }) => uri))
    const skew = clockSkewSeconds(log.headers, log.receivedAt)
    yield* mayReadRecordings(api, recordingId === undefined ? undefined : String(recordingId))
    if (includesVoicemail(options)) yield* mayReadMessages(api, options)
    const permissions = [
      "ReadCallLog",
      ...(options.extension === undefined ? ["FullCompanyCallLog"] : []),
      permission,
      ...(includesVoicemail(options) ? ["ReadMessages"] : [])
    ]
    return {
      ...(account !== undefined && { account }),
      permissions: permissions.map((name) => ({ name, granted: true })),
      ...(skew !== undefined && { clockSkewSeconds: skew }),
      limits: yield* api.limits
    }
  })

const permission = "ReadCallRecording"

/**
 * The user's permission is asked of the vendor, where it tells. The app's scope shows in reading a recording's metadata,
 * for which one that is not there will do. Either is refused with its own words, as different people mend them.
 */
const mayReadRecordings = (api: Api, recordingId = "0"): Effect.Effect<void, Reason> =>
  Effect.gen(function* () {
    const isPermitted = yield* api.hasPermission(permission).pipe(
      // Whoever may not ask has to try.
      Effect.catchTag(["NotFound", "Forbidden", "InvalidQuery", "InvalidResponse", "InvalidOptions"], () =>
        Effect.succeed(true)
      )
    )
    if (!isPermitted) {
      return yield* new Forbidden({ permission, detail: "the role of the JWT's user lacks a permission" })
    }
    yield* notRefused(api.metadata(recordingId))
  })

const mayReadMessages = (api: Api, { extension = "~" }: RingCentralOptions): Effect.Effect<void, Reason> =>
  notRefused(readMessage(api, extension, "0"))

const notRefused = (asking: Effect.Effect<unknown, Reason>): Effect.Effect<void, Reason> =>
  asking.pipe(
    Effect.asVoid,
    Effect.catchTag(["NotFound", "InvalidQuery"], () => Effect.void)
  )
