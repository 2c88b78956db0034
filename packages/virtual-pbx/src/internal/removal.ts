/** Deleting a window of recordings, and nothing beside it (docs/vendors/virtual-pbx.md#requests). */
import { type Reason, type Recording, type TimeWindow } from "@callreel/recording"
import { Effect, Stream } from "effect"
import type { Api } from "./api.ts"
import { slices } from "./windows.ts"

const second = 1000
const day = 86_400 * second

/**
 * Deletes what `list` gives for the window. Which of a row's times the platform's own deletion compares is unknown, but
 * none lies before the second of the call's start, nor more than a day after it: so it is used where every reading is
 * inside the window, and what is left at the edges is deleted one by one.
 */
export const removeWindow = (
  api: Api,
  list: (from: Date, to: Date) => Stream.Stream<Recording, Reason>,
  { from, to }: TimeWindow
): Effect.Effect<void, Reason> =>
  Effect.gen(function* () {
    const inside = { from: new Date(from.getTime() + day), to: new Date(Math.floor(to.getTime() / second) * second) }
    if (inside.to.getTime() - inside.from.getTime() >= second) {
      yield* Effect.forEach(slices(inside), api.removeWindow, { discard: true })
    }
    const left = yield* Stream.runCollect(
      Stream.filter(list(from, to), ({ call, startedAt }) => {
        const start = call?.startedAt ?? startedAt
        return start !== undefined && start >= from && start < to
      })
    )
    yield* Effect.forEach(left, removeOnce(api), { discard: true })
  })

/** A row may be listed twice, and may be gone by now: what is not there is deleted. */
const removeOnce =
  (api: Api) =>
  ({ id }: Recording): Effect.Effect<void, Reason> =>
    Effect.catchTag(api.remove(id), "NotFound", () => Effect.void)
