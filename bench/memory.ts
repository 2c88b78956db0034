import { runCommand } from "./support/command.ts"
import { startClient } from "./support/quota/measureClient.ts"
import { simulatorProcess } from "./support/simulatorProcess.ts"
import { syncTwice } from "./support/syncTwice.ts"
import type { Row } from "./support/table.ts"

const mebibyte = 2 ** 20
const listing = ["list", "--json", "--from", "2025-12-01", "--to", "2026-05-01"]

interface Sizes {
  /** Of one recording, in MiB. */
  readonly audio: ReadonlyArray<number>
  /** In calls. */
  readonly list: ReadonlyArray<number>
  /** In recordings of a ledger. */
  readonly ledger: number
}

const whole: Sizes = { audio: [16, 1024], list: [2_000, 188_500], ledger: 200_000 }
const small: Sizes = { audio: [16], list: [500], ledger: 2_000 }

/**
 * Memory does not grow with the size of a file or the number of recordings. Aims: under 200 MiB, with an archive's ledger
 * under 300 MiB. The vendor's SDKs, beside ours, take the same recording from the same simulator of RingCentral.
 */
export const memory = async ({ quick }: { readonly quick: boolean }): Promise<ReadonlyArray<Row>> => {
  const { audio, ledger, list } = quick ? small : whole
  const rows: Array<Row> = []
  for (const size of audio) rows.push(await measureFetch(size))
  for (const calls of list) rows.push(await measureList(calls))
  rows.push(...(await measureSync(ledger)))
  for (const [client, note] of libraries) rows.push(await measureLibrary(client, note, Math.max(...audio)))
  return rows
}

const measureFetch = async (size: number): Promise<Row> => {
  const pbx = await simulatorProcess(0, size * mebibyte)
  const report = await runCommand(pbx.source, ["fetch", "office", pbx.recordUuid, "-o", "/dev/null"])
  pbx.close()
  return row(`callreel fetch of ${size.toLocaleString("en")} MiB of audio`, report, 200)
}

const measureList = async (calls: number): Promise<Row> => {
  const pbx = await simulatorProcess(calls, 0)
  const report = await runCommand(pbx.source, listing)
  pbx.close()
  return row(`callreel list of ${report.lines.toLocaleString("en")} recordings`, report, 200)
}

const measureSync = async (recordings: number): Promise<ReadonlyArray<Row>> => {
  const { again, first } = await syncTwice(recordings)
  const count = recordings.toLocaleString("en")
  return [
    row(`sync of ${count} recordings, metadata only`, first, 300),
    row(`sync with nothing new, ${count} in the ledger`, again, 300)
  ]
}

/** How each takes the audio of one recording. */
const libraries: ReadonlyArray<readonly [client: string, note: string]> = [
  ["callreel", "@callreel/ringcentral, as a stream"],
  ["@rc-ex/core", "@rc-ex/core, `rc.get` of the contentUri, as an array buffer"],
  ["@ringcentral/sdk", "@ringcentral/sdk, `get` of the contentUri, as an array buffer"]
]

const measureLibrary = async (client: string, note: string, size: number): Promise<Row> => {
  const what = `${note}: ${size.toLocaleString("en")} MiB of audio`
  const comparedWith = "the library in a program, without flags"
  try {
    const ready = await startClient(client, { recordings: 1, atOnce: 1, cap: 600, bytes: size * mebibyte })
    const { failures, fetched, mebibytes, seconds } = await ready.measure()
    const took = `${mebibytes.toFixed(0)} MiB, ${seconds.toFixed(1)} s`
    return {
      what,
      measured: fetched === 1 ? took : `not fetched: ${Object.keys(failures).join(", ")}; ${took}`,
      comparedWith
    }
  } catch (error) {
    return { what, measured: `not fetched: ${String(error)}`, comparedWith }
  }
}

const row = (
  what: string,
  { mebibytes, seconds }: { readonly mebibytes: number; readonly seconds: number },
  aim: number
): Row => ({
  what,
  measured: `${mebibytes.toFixed(0)} MiB resident at most, ${seconds.toFixed(1)} s`,
  comparedWith: `aim: under ${aim} MiB, whatever the size`
})
