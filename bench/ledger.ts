import * as Either from "fp-ts/lib/Either.js"
import { fork } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { phaseNames, Report } from "./support/ledger/report.ts"
import { nextMessage } from "./support/nextMessage.ts"
import { startServer } from "./support/ledger/server.ts"
import { median, type Outcome, type Table } from "./support/table.ts"

type Kind = "sqlite" | "postgres"

/** The same work by our ledger and by what one would write without us. */
interface Pair {
  readonly ours: ReadonlyArray<Report>
  readonly raw: ReadonlyArray<Report>
}

/**
 * Recordings through all states, each durable before the next of its turn: by our ledger, and by raw code with the same
 * columns, indexes, settings and transactions, in turn; medians of the rounds. Aim: at most 1.5 × the raw code.
 */
export const ledger = async ({ quick }: { readonly quick: boolean }): Promise<Outcome> => {
  const count = quick ? 3_000 : 100_000
  const sqlite = await raceFiles(count, quick ? 1 : 3)
  const tables = [tableOf(titleOf(count, "SQLite, raw node:sqlite"), sqlite)]
  if (quick) return { tables, data: { sqlite }, broken: broken("SQLite", sqlite) }
  const server = await startServer()
  if (typeof server === "string") {
    const title = titleOf(count, "PostgreSQL")
    const missing: Table = { title, columns: ["what", "why"], rows: [["PostgreSQL did not start", server]] }
    return { tables: [...tables, missing], data: { sqlite }, broken: broken("SQLite", sqlite) }
  }
  try {
    const onServer = 20_000
    const postgres = await race("postgres", onServer, 1, server.newDatabase)
    return {
      tables: [...tables, tableOf(titleOf(onServer, "PostgreSQL, raw pg"), postgres)],
      data: { sqlite, postgres },
      broken: [...broken("SQLite", sqlite), ...broken("PostgreSQL", postgres)]
    }
  } finally {
    await server.stop()
  }
}

const titleOf = (count: number, database: string): string =>
  `${count.toLocaleString("en")} recordings through all states, ${database}`

const raceFiles = async (count: number, rounds: number): Promise<Pair> => {
  const folder = await mkdtemp(join(tmpdir(), "callreel-ledger-bench-"))
  let files = 0
  try {
    return await race("sqlite", count, rounds, async () => join(folder, `${++files}.sqlite`))
  } finally {
    await rm(folder, { recursive: true })
  }
}

const race = async (kind: Kind, count: number, rounds: number, newPlace: () => Promise<string>): Promise<Pair> => {
  const ours: Array<Report> = []
  const raw: Array<Report> = []
  for (let round = 0; round < rounds; round++) {
    raw.push(await run("runRaw", kind, await newPlace(), count))
    ours.push(await run("runOurs", kind, await newPlace(), count))
  }
  return { ours, raw }
}

/** In a process of its own, our packages compiled. */
const run = async (script: string, kind: Kind, place: string, count: number): Promise<Report> => {
  const child = fork(new URL(`./support/ledger/${script}.ts`, import.meta.url), [kind, place, String(count)], {
    execArgv: ["--import", new URL("./support/useDist.ts", import.meta.url).href]
  })
  const report = Report.decode(await nextMessage(child))
  if (child.exitCode === null) await once(child, "exit")
  if (Either.isLeft(report)) throw new Error(`${script} did not end well`)
  return report.right
}

const total = "all"

const tableOf = (title: string, { ours, raw }: Pair): Table => {
  const middle = (reports: ReadonlyArray<Report>, phase: string, key: "seconds" | "cpuSeconds"): number =>
    median(
      reports.map(({ phases }) =>
        phases.filter(({ name }) => phase === total || name === phase).reduce((sum, each) => sum + each[key], 0)
      )
    )
  return {
    title,
    columns: ["states", "ours, s", "raw, s", "×", "ours, processor s", "raw, processor s", "×"],
    rows: [...Object.values(phaseNames), total].map((phase) => [
      phase,
      ...(["seconds", "cpuSeconds"] as const).flatMap((key) => {
        const [mine, other] = [middle(ours, phase, key), middle(raw, phase, key)]
        return [mine.toFixed(2), other.toFixed(2), `${(mine / other).toFixed(2)} ×`]
      })
    ])
  }
}

/** Both must have come to the same end. */
const broken = (database: string, { ours, raw }: Pair): ReadonlyArray<string> => {
  const endings = new Set(
    [...ours, ...raw].map(({ ending: { archived, erased, failed, pending, unavailable } }) =>
      JSON.stringify({ archived, unavailable, pending, failed, erased })
    )
  )
  return endings.size === 1 ? [] : [`ledger: with ${database} the states in the end differ: ${[...endings].join(" ")}`]
}
