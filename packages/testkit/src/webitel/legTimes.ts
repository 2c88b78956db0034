/** The lengths of a leg, as the history's view computes them: whole seconds, 0 where nothing was answered. */
import type { Leg } from "./Leg.ts"

const seconds = (from: number | undefined, to: number | undefined): number =>
  from === undefined || to === undefined ? 0 : Math.floor((to - from) / 1000)

/** From creation to hang-up. */
export const durationOf = ({ createdAt, hangupAt }: Leg): number => seconds(createdAt, hangupAt)

/** From creation to answer. */
export const waitOf = ({ answeredAt, createdAt }: Leg): number => seconds(createdAt, answeredAt)

/** From answer to hang-up. */
export const billOf = ({ answeredAt, hangupAt }: Leg): number => seconds(answeredAt, hangupAt)

export const holdOf = ({ hold }: Leg): number => seconds(hold?.start, hold?.stop)

/** Microseconds as milliseconds, the way the database's cast to a whole number rounds. */
export const toMilliseconds = (microseconds: number): number => Math.round(microseconds / 1000)
