/**
 * Who waits at the rate gate, and who goes next: plain synchronous state, told the time. Every change is one step, so
 * no two fibers ever see it half done.
 */
import type { LaneName } from "@callreel/recording"
import { abandon, admit, type Admission, emptyGroup, finish, forecast, type GroupState } from "./gateState.ts"

/** What a waiter is told: a wait lies ahead, it is let through, or its patience does not suffice (milliseconds). */
export type Signal =
  | { readonly _tag: "Waiting"; readonly wait: number }
  | { readonly _tag: "Admitted"; readonly admission: Admission }
  | { readonly _tag: "Refused"; readonly wait: number }
  | { readonly _tag: "Closed" }

/** One request that wants a place. */
export interface Waiter {
  readonly id: string
  readonly group: string
  readonly lane: LaneName
  /** It gives up rather than wait for a limit beyond this instant. */
  readonly deadline: number
  /** Whether it needs one of the places for requests in flight. */
  readonly counted: boolean
  /** Called after the step that concerns it, when the state may change again. */
  readonly tell: (signal: Signal) => void
  admission?: Admission
  /** The end of the wait that it was told of. */
  toldUntil?: number
}

/** Waits up to this are not worth telling, in milliseconds. */
const unnoticed = 1000

/** What has to follow a change: first set the alarm, then tell. */
export interface Step {
  /** When to advance again at the latest; Infinity where only another change can help. */
  readonly wakeAt: number
  readonly tell: () => void
}

export interface GateQueue {
  /** The groups' states; replace with `change`. */
  readonly groups: ReadonlyMap<string, GroupState>
  readonly change: (group: string, f: (state: GroupState) => GroupState) => void
  readonly enter: (waiter: Waiter) => void
  /** The waiter goes: out of the queue, out of the place it was just given unused, or done with its request. */
  readonly leave: (waiter: Waiter, now: number, sent: boolean) => void
  /** Lets through whoever can go, and refuses who cannot wait. */
  readonly advance: (now: number) => Step
  /** Sends everybody away. */
  readonly close: () => Step
}

export const gateQueue = (options: { readonly concurrency: number; readonly reserve: number }): GateQueue => {
  const groups = new Map<string, GroupState>()
  // In order of service within a lane.
  let waiting: ReadonlyArray<Waiter> = []
  let inFlight = 0
  let outbox: ReadonlyArray<readonly [Waiter, Signal]> = []

  const tellLater = (waiter: Waiter, signal: Signal): void => {
    outbox = [...outbox, [waiter, signal]]
  }

  // Who is told may run on at once and come back here, so the box is emptied first.
  const follow = (wakeAt: number): Step => {
    const signals = outbox
    outbox = []
    return {
      wakeAt,
      tell: () => {
        for (const [waiter, signal] of signals) waiter.tell(signal)
      }
    }
  }

  const stateOf = (group: string): GroupState => groups.get(group) ?? emptyGroup()

  const change: GateQueue["change"] = (group, f) => {
    groups.set(group, f(stateOf(group)))
  }

  /** Who is next in each group: interactive before bulk, else who came first. All interactive ones first, by arrival. */
  const heads = (): ReadonlyArray<Waiter> => {
    const full = inFlight >= options.concurrency
    const candidates = full ? waiting.filter(({ counted }) => !counted) : waiting
    const first = new Map<string, Waiter>()
    for (const waiter of candidates) {
      const held = first.get(waiter.group)
      if (held === undefined || (held.lane === "bulk" && waiter.lane === "interactive")) first.set(waiter.group, waiter)
    }
    const byArrival = candidates.filter((waiter) => first.get(waiter.group) === waiter)
    return [
      ...byArrival.filter(({ lane }) => lane === "interactive"),
      ...byArrival.filter(({ lane }) => lane === "bulk")
    ]
  }

  const letThrough = (waiter: Waiter, now: number): boolean => {
    const decision = admit(stateOf(waiter.group), now, waiter.id, { lane: waiter.lane, reserve: options.reserve })
    if ("wait" in decision) return false
    groups.set(waiter.group, decision.state)
    waiting = waiting.filter((other) => other !== waiter)
    waiter.admission = decision.admitted
    if (waiter.counted) inFlight++
    tellLater(waiter, { _tag: "Admitted", admission: decision.admitted })
    return true
  }

  /** One waiter let through, of all groups' first ones; false where none can go. */
  const step = (now: number): boolean => heads().some((waiter) => letThrough(waiter, now))

  /** Tells or refuses one waiter by when it can start; returns whether it keeps waiting. */
  const review = (waiter: Waiter, start: number, now: number): boolean => {
    if (start > now && start > waiter.deadline) {
      tellLater(waiter, { _tag: "Refused", wait: start - now })
      return false
    }
    if (start > now + unnoticed && start > (waiter.toldUntil ?? 0) + unnoticed) {
      waiter.toldUntil = start
      tellLater(waiter, { _tag: "Waiting", wait: start - now })
    }
    return true
  }

  /** Goes through those left in one group, in the order in which they will be served. */
  const reviewGroup = (group: string, now: number): number => {
    const startOf = forecast(stateOf(group), now)
    const own = waiting.filter((waiter) => waiter.group === group)
    const lanes = (["interactive", "bulk"] as const).map((lane) => own.filter((waiter) => waiter.lane === lane))
    const refused = new Set<Waiter>()
    let wakeAt = Infinity
    for (const waiter of lanes.flat()) {
      startOf({ lane: waiter.lane, reserve: options.reserve }, (start) => {
        const stays = review(waiter, start, now)
        if (!stays) refused.add(waiter)
        else if (start > now) wakeAt = Math.min(wakeAt, start)
        return stays
      })
    }
    if (refused.size > 0) waiting = waiting.filter((waiter) => !refused.has(waiter))
    return wakeAt
  }

  return {
    groups,
    change,
    enter: (waiter) => {
      // Others that have their places may be waiting for what is part of them.
      waiting = waiter.counted ? [...waiting, waiter] : [waiter, ...waiting]
    },
    leave: (waiter, now, sent) => {
      waiting = waiting.filter((other) => other !== waiter)
      const { admission } = waiter
      if (admission === undefined) return
      delete waiter.admission
      if (waiter.counted) inFlight--
      change(waiter.group, (state) => (sent ? finish(state, now, admission.id) : abandon(state, admission)))
    },
    advance: (now) => {
      while (step(now));
      const wakeTimes = Array.from(new Set(waiting.map(({ group }) => group)), (group) => reviewGroup(group, now))
      return follow(Math.min(Infinity, ...wakeTimes))
    },
    close: () => {
      for (const waiter of waiting) tellLater(waiter, { _tag: "Closed" })
      waiting = []
      return follow(Infinity)
    }
  }
}
