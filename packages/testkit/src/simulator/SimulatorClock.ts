/** The time a simulator goes by: rows appear, tokens expire and quotas begin anew by it. */
export interface SimulatorClock {
  readonly now: () => Date
  /** Stops the clock at an instant, or replaces it by another. */
  readonly set: (now: Date | (() => Date)) => void
}

/** A clock that goes by `now`; by default the real time. */
export const makeSimulatorClock = (now: () => Date = () => new Date()): SimulatorClock => {
  let current = now
  return {
    now: () => current(),
    set: (next) => {
      current = next instanceof Date ? () => next : next
    }
  }
}
