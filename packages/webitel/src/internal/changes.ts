/**
 * What came since a checkpoint (docs/vendors/webitel.md#changes): rows by the time they were stored, in windows that are
 * closed, and recordings that were stored after the row of their call.
 */
import {
  type ChangePage,
  type Checkpoint,
  firstInstant,
  InvalidQuery,
  type Reason,
  type Recording
} from "@callreel/recording"
import { Clock, Duration, Effect, Option, Stream } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import type { Api } from "./api.ts"
import { rowsOfIds, rowsOfSpan, withRelated } from "./history.ts"
import { instantOf, mayBeRecorded, type OwnedFile, provider } from "./map.ts"
import { ownedFiles } from "./ownership.ts"
import type { HistoryCall } from "./wire.ts"
import { firstLength, nextLength } from "./windows.ts"

const minute = 60_000

/** A window is closed so long ago that the replica which the history reads has all of it. */
const settling = minute

/** Ages of a row at which its recording is looked for again. */
const rungs = [2 * minute, 10 * minute, 60 * minute, 4 * 60 * minute, 12 * 60 * minute]

const version = 1

/** Where changes stand. All in milliseconds since 1970. */
interface State {
  /** All rows stored before this instant were given out. */
  readonly through: number
  /** Legs stored in exactly that millisecond which were given out already: neighbouring windows share it. */
  readonly border: ReadonlyArray<string>
  /** When it was last looked for late recordings. */
  readonly looked: number
  /** Legs that were answered and have no recording of their own yet, with the instant they were stored. */
  readonly waiting: ReadonlyArray<readonly [id: string, storedAt: number]>
}
const StateJson = t.type({
  through: t.number,
  border: t.array(t.string),
  looked: t.number,
  waiting: t.array(t.tuple([t.string, t.number]))
})

const checkpointAt = (state: State): Checkpoint => ({ provider, version, state })

const readCheckpoint = (checkpoint: Checkpoint): Effect.Effect<State, InvalidQuery> => {
  const state = StateJson.decode(checkpoint.state)
  return checkpoint.version === version && Either.isRight(state)
    ? Effect.succeed(state.right)
    : Effect.fail(
        new InvalidQuery({
          field: "checkpoint",
          detail: "was not made by this version of the Webitel adapter; begin again from a date"
        })
      )
}

/** Files to recordings, whose account has to be asked for once. */
export type RecordingsOf = (files: ReadonlyArray<OwnedFile>) => Effect.Effect<ReadonlyArray<Recording>, Reason>

/** Pages of new recordings, each recording once, as long as runs go on from the last checkpoint. */
export const changesSince = (
  api: Pick<Api, "history">,
  after: Checkpoint | undefined,
  since: string | undefined,
  pendingFor: Duration.Duration,
  recordingsOf: RecordingsOf
): Stream.Stream<ChangePage, Reason> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const stored = after === undefined ? yield* beginning(since, now) : yield* readCheckpoint(after)
      // A checkpoint of a clock that ran ahead must not hide what happens until then.
      const state = { ...stored, through: Math.min(stored.through, now), looked: Math.min(stored.looked, now) }
      const late = yield* lookAgain(api, state, now, Duration.toMillis(pendingFor), recordingsOf)
      const fresh = Stream.paginate({ state: late.state, length: firstLength }, (cursor) =>
        Effect.map(
          readWindow(api, cursor.state, cursor.length, now, pendingFor, recordingsOf),
          ({ page, rows, state }) => {
            const next = { state, length: nextLength(cursor.length, rows) }
            return [[page], state.through < now - settling ? Option.some(next) : Option.none()] as const
          }
        )
      )
      return Stream.concat(Stream.succeed(late.page), fresh)
    })
  )

const beginning = (since: string | undefined, now: number) =>
  Effect.map(firstInstant(since), (begin): State => ({
    through: begin.getTime(),
    border: [],
    looked: now,
    waiting: []
  }))

/** Asks again for legs that had no recording when their row came, at the ages at which one may have come. */
const lookAgain = (
  api: Pick<Api, "history">,
  state: State,
  now: number,
  pendingFor: number,
  recordingsOf: RecordingsOf
): Effect.Effect<{ readonly page: ChangePage; readonly state: State }, Reason> =>
  Effect.gen(function* () {
    const ages = [...rungs.filter((rung) => rung < pendingFor), pendingFor]
    const isDue = (storedAt: number): boolean =>
      ages.some((age) => storedAt + age > state.looked && storedAt + age <= now)
    const due = state.waiting.filter(([, storedAt]) => isDue(storedAt))
    const rows = yield* rowsOfIds(
      api,
      due.map(([id]) => id)
    )
    const files = ownedFiles(rows, yield* withRelated(api, rows))
    const ids = new Set(files.map(({ owner }) => owner.id))
    const next: State = {
      ...state,
      looked: now,
      waiting: state.waiting.filter(([id, storedAt]) => !ids.has(id) && storedAt + pendingFor > now)
    }
    return {
      page: { recordings: yield* recordingsOf(files), checkpoint: checkpointAt(next) },
      state: next
    }
  })

const readWindow = (
  api: Pick<Api, "history">,
  state: State,
  length: number,
  now: number,
  pendingFor: Duration.Duration,
  recordingsOf: RecordingsOf
): Effect.Effect<{ readonly page: ChangePage; readonly rows: number; readonly state: State }, Reason> =>
  Effect.gen(function* () {
    const end = Math.max(state.through, Math.min(now - settling, state.through + length))
    const seen = new Set(state.border)
    const rows = yield* rowsOfSpan(api, "storedAt", { from: state.through, to: end })
    const fresh = rows.filter(({ id }) => !seen.has(id))
    const files = ownedFiles(fresh, yield* withRelated(api, fresh))
    const recorded = new Set(files.map(({ owner }) => owner.id))
    const storedAt = (row: HistoryCall): number => instantOf(row.stored_at)?.getTime() ?? end
    // A leg that shows its parent's recording may still get one of its own.
    const waiting = fresh
      .filter((row) => mayBeRecorded(row) && !recorded.has(row.id))
      .map((row) => [row.id, storedAt(row)] as const)
      .filter(([, at]) => at + Duration.toMillis(pendingFor) > now)
    const onBorder = rows.filter((row) => storedAt(row) === end).map(({ id }) => id)
    const next: State = {
      through: end,
      border: end === state.through ? [...new Set([...state.border, ...onBorder])] : onBorder,
      looked: state.looked,
      waiting: [...state.waiting, ...waiting]
    }
    return {
      page: { recordings: yield* recordingsOf(files), checkpoint: checkpointAt(next) },
      rows: rows.length,
      state: next
    }
  })
