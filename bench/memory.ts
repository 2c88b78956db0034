import { runCommand } from "./support/command.ts"
import { simulatorProcess } from "./support/simulatorProcess.ts"
import type { Row } from "./support/table.ts"

const mebibyte = 2 ** 20
const listing = ["list", "--json", "--from", "2025-12-01", "--to", "2026-05-01"]

/** Memory does not grow with the size of a file or the number of recordings. Aim: under 200 MiB. */
export const memory = async (): Promise<ReadonlyArray<Row>> => [
  await measureFetch(16),
  await measureFetch(1024),
  await measureList(2_000),
  await measureList(188_500)
]

const measureFetch = async (size: number): Promise<Row> => {
  const pbx = await simulatorProcess(0, size * mebibyte)
  const report = await runCommand(pbx.source, ["fetch", "office", pbx.recordUuid, "-o", "/dev/null"])
  pbx.close()
  return row(`callreel fetch of ${size.toLocaleString("en")} MiB of audio`, report)
}

const measureList = async (calls: number): Promise<Row> => {
  const pbx = await simulatorProcess(calls, 0)
  const report = await runCommand(pbx.source, listing)
  pbx.close()
  return row(`callreel list of ${report.lines.toLocaleString("en")} recordings`, report)
}

const row = (what: string, { mebibytes, seconds }: Awaited<ReturnType<typeof runCommand>>): Row => ({
  what,
  measured: `${mebibytes.toFixed(0)} MiB resident at most, ${seconds.toFixed(1)} s`,
  comparedWith: "aim: under 200 MiB, whatever the size"
})
