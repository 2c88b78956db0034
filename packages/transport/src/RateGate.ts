import { Lane, type LimitCheck, MaxWait, type RateLimited, WaitListener } from "@callreel/recording"
import { Clock, Context, Duration, Effect, Exit, Queue, Random, Scope } from "effect"
import { alarmIn } from "./internal/gateAlarm.ts"
import { decodeHistory, encodeHistory, mergeGroup, mergeGroups } from "./internal/gateHistory.ts"
import { learn, type LimitObservation, type Observer, penalty } from "./internal/gateLearning.ts"
import { limitCheck } from "./internal/gateLimits.ts"
import { gateQueue, type Signal, type Waiter } from "./internal/gateQueue.ts"
import { sharedByKey } from "./internal/gateShared.ts"
import { longestWait } from "./internal/gateState.ts"
import { currentStore } from "./internal/gateStore.ts"
import { LimitWaits, Unblockable, WaitRefused } from "./internal/gateWait.ts"

export type { LimitObservation } from "./internal/gateLearning.ts"

/** A documented limit: at most `requests` in any span of `window`. */
export interface GroupLimit {
  readonly requests: number
  readonly window: Duration.Duration
}

/**
 * Keeps the requests to one vendor account within the vendor's limits, so that in steady state it never refuses one.
 *
 * A limit group is the vendor's unit of counting; the gate learns of a group by its first mention. Call `observe` and
 * `penalize` inside the request that `run` runs: then nothing else is let through before the answer is understood.
 */
export interface RateGate {
  /**
   * Waits for a place in the lane of the caller (`Lane`, unset: bulk), and runs the request. The place is free again one
   * window after the request has ended, however it ended.
   *
   * Fails at once with `RateLimited` when the wait is known to be longer than `MaxWait`; `retryAfter` is that wait.
   * Waits longer than a second are told to `WaitListener`. Waiting for one of the `concurrency` places is no wait for a
   * limit. Still waiting when the gate closes is interruption.
   */
  readonly run: <A, E, R>(group: string, request: Effect.Effect<A, E, R>) => Effect.Effect<A, E | RateLimited, R>
  /** Learns from an answer's headers. A sliding limit that the vendor tells replaces the documented one. */
  readonly observe: (group: string, observation: LimitObservation) => Effect.Effect<void>
  /** The vendor refused: nothing starts in this group until `retryAfter` and 0 to 10 % more are over. */
  readonly penalize: (group: string, retryAfter: Duration.Duration) => Effect.Effect<void>
  /** The groups of which something is known. */
  readonly limits: Effect.Effect<ReadonlyArray<LimitCheck>>
}

export interface RateGateOptions {
  /** Provider and account, hashed: names the gate in the process, and its history in the state store. */
  readonly key: string
  /** Documented limits; undefined where the vendor tells none until its first answer. */
  readonly groups: Readonly<Record<string, GroupLimit | undefined>>
  /** Requests in flight at once, of all groups together; one inside another takes no further place. Default 16. */
  readonly concurrency?: number
  /** Share of each window that bulk leaves to interactive, at least one place; 0 for none. Default 0.1. */
  readonly interactiveReserve?: number
}

interface SharedGate extends RateGate {
  /** Takes documented limits for groups that have none yet. */
  readonly document: (groups: RateGateOptions["groups"]) => Effect.Effect<void>
}

/** The request that the fiber is running: how old is its answer, and does it hold a place of this gate already. */
const CurrentRequest = Context.Reference<(Observer & { readonly gate: string }) | undefined>(
  "@callreel/transport/CurrentRequest",
  { defaultValue: () => undefined }
)

/** How often the history is written at most. */
const saveInterval = Duration.seconds(1)

const makeGate = Effect.fnUntraced(function* (options: RateGateOptions) {
  const scope = yield* Scope.Scope
  const store = yield* currentStore
  const queue = gateQueue({ concurrency: options.concurrency ?? 16, reserve: options.interactiveReserve ?? 0.1 })
  const setAlarm = alarmIn(scope)
  // Tells this gate's requests from those of other processes in a shared history.
  const instance = crypto.randomUUID()
  let requests = 0
  let closed = false
  let saving = false

  const advance: Effect.Effect<void> = Effect.uninterruptible(
    Effect.suspend(() =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const step = queue.advance(now)
        return Effect.andThen(setAlarm(step.wakeAt, advance), Effect.sync(step.tell))
      })
    )
  )

  // What other processes have written meanwhile counts here too.
  const save = Effect.uninterruptible(
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      let found = decodeHistory(undefined, 0)
      yield* store.modify(options.key, (current) => {
        // The store may have waited for its lock: read the time only now, or what ended meanwhile seems to lie ahead.
        const now = clock.currentTimeMillisUnsafe()
        found = decodeHistory(current, now)
        return encodeHistory(mergeGroups(queue.groups, found), now)
      })
      for (const [group, theirs] of found) queue.change(group, (ours) => mergeGroup(ours, theirs))
    })
  )

  const saveSoon = Effect.suspend(() => {
    if (saving || closed) return Effect.void
    saving = true
    return Effect.sleep(saveInterval).pipe(
      Effect.andThen(Effect.sync(() => (saving = false))),
      Effect.andThen(save),
      Effect.andThen(advance),
      Effect.forkIn(scope),
      Effect.asVoid
    )
  })

  const changed = Effect.andThen(advance, saveSoon)

  const attend = Effect.fnUntraced(function* (group: string, mailbox: Queue.Queue<Signal>) {
    const listener = yield* WaitListener
    while (true) {
      const signal = yield* Queue.take(mailbox)
      switch (signal._tag) {
        case "Admitted":
          return signal.admission
        case "Waiting":
          yield* listener({ group, duration: Duration.millis(signal.wait) })
          break
        case "Refused":
          return yield* new WaitRefused({ retryAfter: Duration.millis(signal.wait), group })
        case "Closed":
          return yield* Effect.interrupt
      }
    }
  })

  const leave = (waiter: Waiter, sent: boolean): Effect.Effect<void> =>
    Clock.currentTimeMillis.pipe(
      Effect.tap((now) => Effect.sync(() => queue.leave(waiter, now, sent))),
      Effect.andThen(changed)
    )

  const run = <A, E, R>(group: string, request: Effect.Effect<A, E, R>): Effect.Effect<A, E | RateLimited, R> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        if (closed) return yield* Effect.interrupt
        const waited = yield* LimitWaits
        const mailbox = yield* Queue.unbounded<Signal>()
        const since = yield* Clock.currentTimeMillis
        const waiter: Waiter = {
          id: `${instance}:${requests++}`,
          group,
          lane: (yield* Lane) ?? "bulk",
          deadline: since + Duration.toMillis(yield* MaxWait),
          // One that is part of another must not wait for a place that the other may be holding.
          counted: !(yield* Unblockable) && (yield* CurrentRequest)?.gate !== instance,
          tell: (signal) => void Queue.offerUnsafe(mailbox, signal)
        }
        queue.enter(waiter)
        yield* advance
        const admission = yield* restore(attend(group, mailbox)).pipe(
          Effect.onExit((exit) =>
            Clock.currentTimeMillis.pipe(
              Effect.tap((now) => Effect.sync(() => waited(now - since))),
              Effect.andThen(Exit.isFailure(exit) ? leave(waiter, false) : Effect.void)
            )
          )
        )
        return yield* restore(Effect.provideService(request, CurrentRequest, { ...admission, gate: instance })).pipe(
          Effect.onExit(() => leave(waiter, true))
        )
      })
    )

  const document: SharedGate["document"] = (groups) =>
    Effect.sync(() => {
      for (const [group, documented] of Object.entries(groups)) {
        if (documented === undefined) continue
        const limit = { requests: documented.requests, windowMillis: Duration.toMillis(documented.window) }
        queue.change(group, (state) => (state.limit === undefined ? { ...state, limit } : state))
      }
    })

  const observe: RateGate["observe"] = Effect.fnUntraced(function* (group, observation) {
    const observer = yield* CurrentRequest
    const now = yield* Clock.currentTimeMillis
    queue.change(group, (state) => learn(state, now, observation, observer))
    yield* changed
  })

  const penalize: RateGate["penalize"] = Effect.fnUntraced(function* (group, retryAfter) {
    const now = yield* Clock.currentTimeMillis
    const random = yield* Random.next
    const asked = Math.min(longestWait, Duration.toMillis(retryAfter))
    queue.change(group, (state) => penalty(state, now, asked, random))
    yield* changed
  })

  const limits = Effect.map(Clock.currentTimeMillis, (now) =>
    Array.from(queue.groups).flatMap(([group, state]) => limitCheck(group, state, now) ?? [])
  )

  const stored = yield* store.read(options.key)
  const history = decodeHistory(stored, yield* Clock.currentTimeMillis)
  for (const [group, state] of history) queue.change(group, () => state)
  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => {
      closed = true
      return Effect.andThen(Effect.sync(queue.close().tell), save)
    })
  )
  const gate: SharedGate = { run, observe, penalize, limits, document }
  return gate
})

const gates = sharedByKey<SharedGate>()

/**
 * The gate of an account: the same one for everything in the process that holds it under the same key.
 *
 * It goes on where the last run stopped (`StateStorage`), and leaves its history there for the next. Of several holders,
 * the first one's `concurrency` and `interactiveReserve` count.
 */
export const rateGate = (options: RateGateOptions): Effect.Effect<RateGate, never, Scope.Scope> =>
  Effect.tap(gates(options.key, makeGate(options)), (gate) => gate.document(options.groups))
