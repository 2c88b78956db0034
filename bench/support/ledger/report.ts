import * as t from "io-ts"
import type { Ending } from "./lives.ts"

/** What a measured process tells. Processor seconds are its own; a database server has more. */
export const Report = t.type({
  phases: t.array(t.type({ name: t.string, seconds: t.number, cpuSeconds: t.number })),
  ending: t.type({
    archived: t.number,
    unavailable: t.number,
    pending: t.number,
    failed: t.number,
    erased: t.number
  })
})
export type Report = t.TypeOf<typeof Report>

/** Measures one phase after another, and tells all of them to whoever started this process. */
export const makeReport = () => {
  const phases: Array<Report["phases"][number]> = []
  return {
    phase: async (name: string, work: () => Promise<void>): Promise<void> => {
      const begun = performance.now()
      const before = process.cpuUsage()
      await work()
      const { system, user } = process.cpuUsage(before)
      phases.push({ name, seconds: (performance.now() - begun) / 1000, cpuSeconds: (user + system) / 1e6 })
    },
    send: (ending: Ending): void => {
      process.send?.({ phases, ending } satisfies Report)
    }
  }
}

/** The phases of a life. */
export const phaseNames = {
  listed: "listed, 500 at a time",
  again: "listed again, nothing new",
  tried: "archived, unavailable or failed, 32 at a time",
  retried: "failed ones archived",
  erased: "a twentieth erased"
} as const
