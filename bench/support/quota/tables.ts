import type { Table } from "../table.ts"
import type { ClientResult } from "./measureClient.ts"
import type { StrategyCost } from "./strategyCosts.ts"

const count = (value: number): string => value.toLocaleString("en")

/** One row a client. */
export const clientTable = (title: string, results: ReadonlyArray<ClientResult>): Table => ({
  title,
  columns: [
    "client",
    "fetched whole",
    "wrong or missing",
    "Heavy requests",
    "a recording",
    "429",
    "after the first minute",
    "penalties begun anew",
    "time",
    "÷ ideal",
    "memory"
  ],
  rows: results.map((result) => [
    result.client,
    count(result.fetched),
    count(result.wrong + result.missing),
    count(result.heavy),
    result.heavyPerRecording.toFixed(3),
    count(result.refusals),
    count(result.refusalsInSteadyState),
    count(result.penaltiesRestarted),
    `${result.seconds.toFixed(1)} s${result.capped ? " (stopped)" : ""}`,
    result.timesIdeal.toFixed(3),
    `${result.mebibytes.toFixed(0)} MiB`
  ])
})

/** One row a way, one column a strategy. */
export const strategyTable = (title: string, costs: ReadonlyArray<StrategyCost>): Table => {
  const strategies = [...new Set(costs.map(({ strategy }) => strategy))]
  return {
    title,
    columns: ["Heavy requests for", ...strategies],
    rows: [...new Set(costs.map(({ way }) => way))].map((way) => [
      way,
      ...strategies.map((strategy) => {
        const cost = costs.find((each) => each.way === way && each.strategy === strategy)
        return cost === undefined ? "" : `${cost.heavy}, ${cost.outcome}`
      })
    ])
  }
}
