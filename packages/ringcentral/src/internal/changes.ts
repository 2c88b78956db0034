/**
 * What is new or changed since a checkpoint (docs/vendors/ringcentral.md#changes).
 *
 * The vendor's feed is keyed by modification, so it brings recordings that were attached late; it is asked with the token
 * of the last answer. Where there is no token (any more), or no access to the feed, the call log is read again over the
 * hours in which recordings may be late.
 */
import {
  type ChangePage,
  type Checkpoint,
  firstInstant,
  InvalidQuery,
  InvalidResponse,
  parseDayOrInstant,
  parseInstant,
  type Reason,
  type Recording,
  Unavailable
} from "@callreel/recording"
import { Clock, Duration, Effect, Option, Stream } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import type { Api, SyncQuery } from "./api.ts"
import { provider } from "./map.ts"
import type { LogRecord, SyncPage } from "./wire.ts"

const hour = 3_600_000
const day = 24 * hour

/** A feed begun this recently needs no reading of the log beside it: it covers the time itself. */
const feedReach = day

/** How much earlier than a checkpoint the feed is begun anew: clocks differ, and the log lags behind. */
const overlap = hour

/** The log is read in slices of this length, so that a run that stops goes on near where it was. */
const sliceLength = 30 * day

/** Recordings come up to `pendingFor` after the end of their call, which may have been long itself. */
const longestCallHours = 6

/** How far before a checkpoint the call log is read again where the feed is of no use, in hours. */
export const rescanHours = (pendingFor: Duration.Duration): number =>
  Math.ceil(Duration.toHours(pendingFor)) + longestCallHours

const version = 1

/** All that changed before `through` was given out; `syncToken` stands where the feed goes on. */
interface State {
  readonly through: Date
  readonly syncToken?: string
}
const StateJson = t.intersection([t.type({ through: t.string }), t.partial({ syncToken: t.string })])

const checkpointAt = ({ syncToken, through }: State): Checkpoint => ({
  provider,
  version,
  state: { through: through.toISOString(), ...(syncToken !== undefined && { syncToken }) }
})

const readCheckpoint = (checkpoint: Checkpoint): Effect.Effect<State, InvalidQuery> => {
  const state = StateJson.decode(checkpoint.state)
  const through = Either.isRight(state) ? parseDayOrInstant(state.right.through) : undefined
  return checkpoint.version === version && through !== undefined && Either.isRight(state)
    ? Effect.succeed({ ...state.right, through })
    : Effect.fail(
        new InvalidQuery({
          field: "checkpoint",
          detail: "was not made by this version of the RingCentral adapter; begin again from a date"
        })
      )
}

/** What changes are made of. */
export interface ChangeSources {
  /** The feed; undefined where only an extension's calls are wanted, as it is the whole company's. */
  readonly sync: Api["sync"] | undefined
  /** Recordings by the start of their call, page by page. */
  readonly list: (from: Date, to: Date) => Stream.Stream<Recording, Reason>
  readonly recordingsOf: (records: ReadonlyArray<LogRecord>) => Effect.Effect<ReadonlyArray<Recording>, Reason>
}

/** Pages of what is new or changed. A recording may come again and is to be replaced by key. */
export const changesSince = (
  after: Checkpoint | undefined,
  since: string | undefined,
  pendingFor: Duration.Duration,
  sources: ChangeSources
): Stream.Stream<ChangePage, Reason> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const stored: State = after === undefined ? { through: yield* firstInstant(since) } : yield* readCheckpoint(after)
      // A checkpoint of a clock that ran ahead must not hide what happens until then.
      const through = new Date(Math.min(stored.through.getTime(), now))
      const margin = after === undefined ? 0 : rescanHours(pendingFor) * hour
      const anew = () => beginAnew(sources, through, margin, now)
      const { sync } = sources
      if (stored.syncToken === undefined || sync === undefined) return anew()
      const first = yield* unlessRefused(sync({ syncToken: stored.syncToken }))
      return Option.isNone(first) ? anew() : feed(sources, sync, through, now, first.value)
    })
  )

/** A token dies after some time, or with too many changes; an account may have no access. The way out is a date. */
const unlessRefused = (answer: Effect.Effect<SyncPage, Reason>): Effect.Effect<Option.Option<SyncPage>, Reason> =>
  answer.pipe(
    Effect.asSome,
    Effect.catchTag(["InvalidQuery", "NotFound", "Forbidden"], (reason) =>
      Effect.as(Effect.logDebug(`no feed of changes: ${reason.message}`), Option.none())
    )
  )

/** Starts the feed, so that it has a token for the next run, and reads the log for what lies before the feed's beginning. */
const beginAnew = (
  sources: ChangeSources,
  through: Date,
  margin: number,
  now: number
): Stream.Stream<ChangePage, Reason> => {
  const { sync } = sources
  const isRecent = now - through.getTime() < feedReach
  const query: SyncQuery = { dateFrom: new Date(isRecent ? through.getTime() - overlap : now - overlap) }
  const rescan = slicesOf(through.getTime() - margin, now).map(([from, to]) => ({ from, to }))
  const log = Stream.fromIterable(rescan).pipe(Stream.flatMap((slice) => scan(sources, slice, through)))
  const withoutFeed = Stream.concat(log, Stream.succeed(pageOf([], { through: new Date(now) })))
  if (sync === undefined) return withoutFeed
  return Stream.unwrap(
    Effect.map(unlessRefused(sync(query)), (first) => {
      if (Option.isNone(first)) return withoutFeed
      if (isRecent) return feed(sources, sync, through, now, first.value)
      // The log first: until it is read, a checkpoint must not stand where the feed does.
      return Stream.concat(log, feed(sources, sync, new Date(now), now, first.value))
    })
  )
}

const pageOf = (recordings: ReadonlyArray<Recording>, state: State): ChangePage => ({
  recordings,
  checkpoint: checkpointAt(state)
})

/** The calls of one slice; its end is reached with its last page, as the log is read newest first. */
const scan = (
  { list }: ChangeSources,
  { from, to }: { readonly from: number; readonly to: number },
  through: Date
): Stream.Stream<ChangePage, Reason> => {
  const before = { through: new Date(Math.max(through.getTime(), from)) }
  const reached = { through: new Date(Math.max(through.getTime(), to)) }
  return Stream.concat(
    list(new Date(from), new Date(to)).pipe(Stream.mapArray((recordings) => [pageOf(recordings, before)])),
    Stream.succeed(pageOf([], reached))
  )
}

/** In place of a token that the vendor does not take any more. */
const dead = Symbol("dead")

/**
 * Answers of the feed until it has no newer ones; its time, by the vendor's clock, is reached only then. A token that dies
 * on the way leaves a checkpoint without one, and fails, as what follows is not known: the next run begins anew where this
 * one did.
 */
const feed = (
  { recordingsOf }: ChangeSources,
  sync: NonNullable<ChangeSources["sync"]>,
  through: Date,
  now: number,
  first: SyncPage
): Stream.Stream<ChangePage, Reason> =>
  Stream.paginate<SyncPage | string | typeof dead, ChangePage, Reason>(first, (next) =>
    Effect.gen(function* () {
      if (next === dead) return yield* new Unavailable({ detail: "the feed of changes ended midway; run it again" })
      const answer = typeof next === "string" ? yield* unlessRefused(sync({ syncToken: next })) : Option.some(next)
      if (Option.isNone(answer)) return [[pageOf([], { through })], Option.some(dead)] as const
      const { records, syncInfo } = answer.value
      const { syncToken } = syncInfo
      const more = syncInfo.newerRecordsExist === true
      if (more && records.length === 0 && syncToken === next) {
        return yield* new InvalidResponse({ path: "syncInfo.syncToken", detail: "does not go on" })
      }
      const page = pageOf(yield* recordingsOf(records), {
        through: more ? through : timeOf(syncInfo.syncTime, through, now),
        syncToken
      })
      return [[page], more ? Option.some(syncToken) : Option.none()] as const
    })
  )

/** The vendor's time of an answer, where it tells one that can be. */
const timeOf = (syncTime: string | null | undefined, through: Date, now: number): Date => {
  const told = syncTime == null ? undefined : parseInstant(syncTime)
  return told !== undefined && told >= through && told.getTime() <= now ? told : new Date(now)
}

const slicesOf = (from: number, to: number): ReadonlyArray<readonly [from: number, to: number]> => {
  const slices: Array<readonly [number, number]> = []
  for (let start = from; start < to; start += sliceLength) slices.push([start, Math.min(start + sliceLength, to)])
  return slices
}
