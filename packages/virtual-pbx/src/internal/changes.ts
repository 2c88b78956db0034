/** What is new since a checkpoint. The platform has no feed of changes, and rows appear late: the last hours are read again. */
import {
  type ChangePage,
  type Checkpoint,
  firstInstant,
  InvalidQuery,
  parseDayOrInstant,
  type Reason,
  type Recording
} from "@callreel/recording"
import { Clock, Duration, Effect, Stream } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { provider } from "./map.ts"

/** Rows appear up to `pendingFor` after the end of their call, which may have been long itself, and clocks differ. */
const longestCallHours = 6

/** How far before a checkpoint the list is read again, in hours (docs/vendors/virtual-pbx.md#late-rows). */
export const rescanHours = (pendingFor: Duration.Duration): number =>
  Math.max(24, Math.ceil(Duration.toHours(pendingFor))) + longestCallHours

const version = 1
const State = t.type({ through: t.string })

/** The checkpoint that all calls begun before `through` were looked for; later ones, and late rows, come next. */
const checkpointAt = (through: Date): Checkpoint => ({ provider, version, state: { through: through.toISOString() } })

/** Where a checkpoint stands. */
const readCheckpoint = (checkpoint: Checkpoint): Effect.Effect<Date, InvalidQuery> => {
  const state = State.decode(checkpoint.state)
  const through = Either.isRight(state) ? parseDayOrInstant(state.right.through) : undefined
  return checkpoint.version === version && through !== undefined
    ? Effect.succeed(through)
    : Effect.fail(
        new InvalidQuery({
          field: "checkpoint",
          detail: "was not made by this version of the virtual PBX adapter; begin again from a date"
        })
      )
}

/**
 * Pages of the recordings whose calls began since the checkpoint, the hours before it in which rows may be late included: a recording may come again
 * and is to be replaced by key. The last page's checkpoint stands at the time of asking, also when nothing came.
 */
export const changesSince = (
  after: Checkpoint | undefined,
  since: string | undefined,
  pendingFor: Duration.Duration,
  list: (from: Date, to: Date) => Stream.Stream<Recording, Reason>
): Stream.Stream<ChangePage, Reason> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const stored = after === undefined ? yield* firstInstant(since) : yield* readCheckpoint(after)
      // A checkpoint of a clock that ran ahead must not hide what happens until then.
      const through = new Date(Math.min(stored.getTime(), now))
      const rescanFrom =
        after === undefined ? through.getTime() : through.getTime() - rescanHours(pendingFor) * 3_600_000
      const pages =
        rescanFrom >= now
          ? Stream.empty
          : list(new Date(rescanFrom), new Date(now)).pipe(
              Stream.mapArray((recordings) => [pageOf(recordings, through)])
            )
      const last: ChangePage = { recordings: [], checkpoint: checkpointAt(new Date(Math.max(now, through.getTime()))) }
      return Stream.concat(pages, Stream.succeed(last))
    })
  )

/** A page's checkpoint stands at its last call, and never before the one that the run began with. */
const pageOf = (recordings: ReadonlyArray<Recording>, through: Date): ChangePage => {
  const last = Math.max(through.getTime(), ...recordings.map((recording) => recording.call?.startedAt.getTime() ?? 0))
  return { recordings, checkpoint: checkpointAt(new Date(last)) }
}
