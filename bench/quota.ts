import { setTimeout as sleep } from "node:timers/promises"
import { contenders, ours } from "./support/quota/clients.ts"
import { type ClientResult, idealSeconds, type Setting, startClient } from "./support/quota/measureClient.ts"
import { strategyCosts } from "./support/quota/strategyCosts.ts"
import { clientTable, strategyTable } from "./support/quota/tables.ts"
import type { Outcome } from "./support/table.ts"

const whole: Setting = { recordings: 2000, atOnce: 32, cap: 1.2 }
const quick: Setting = { recordings: 40, atOnce: 32, cap: 1.4 }

/**
 * RingCentral's limits as documented (ten Heavy requests a minute, a penalty that every request in it begins anew, five
 * logins a minute) with a minute that passes in a second: everything is listed and fetched by our adapter and by the
 * vendor's SDKs. Each client has a process, and a simulator with the same calls, of its own.
 *
 * Takes some four minutes; `quick` ten seconds.
 */
export const quota = async (options: { readonly quick: boolean }): Promise<Outcome> => {
  const setting = options.quick ? quick : whole
  const costs = await strategyCosts()
  const results = await measureAll(setting)
  const { atOnce, cap, recordings } = setting
  const ideal = idealSeconds(recordings)
  const title = `quota: ${recordings.toLocaleString("en")} recordings, ${atOnce} at once, ideal ${ideal} s, stopped at ${(cap * ideal).toFixed(1)} s`
  return {
    tables: [clientTable(title, results), strategyTable("quota by strategy", costs)],
    data: { setting, idealSeconds: ideal, results, costs },
    broken: results.filter(({ client }) => isOurs(client)).flatMap(broken)
  }
}

const names = Object.keys(contenders)
const waits = (client: string): boolean => contenders[client]?.waits === true
const isOurs = (client: string): boolean => ours.some((name) => name === client)

/** Those that wait run side by side, at some ten requests a second each. Those that never do would take the machine. */
const measureAll = async (setting: Setting): Promise<ReadonlyArray<ClientResult>> => {
  const results: Array<ClientResult> = []
  for (const name of names.filter((name) => !waits(name))) {
    const client = await startClient(name, setting)
    results.push(await client.measure())
  }
  const patient = await Promise.all(names.filter(waits).map((name) => startClient(name, setting)))
  const finished = patient.map(async (client, index) => {
    // Not all in step, as each sends what it may in the same instant of a minute.
    await sleep(index * 200)
    return client.measure()
  })
  results.push(...(await Promise.all(finished)))
  return results.toSorted((left, right) => names.indexOf(left.client) - names.indexOf(right.client))
}

/** The most rows of an answer. */
const pageSize = 1000

/** What we promise, whatever the machine: everything, for one request a recording and one a page, and no refusal. */
const broken = ({ client, fetched, heavy, missing, refusals, wrong }: ClientResult): ReadonlyArray<string> => {
  const needed = fetched + Math.ceil(fetched / pageSize)
  return [
    ...(wrong + missing > 0 ? [`${client}: ${wrong} wrong and ${missing} missing`] : []),
    ...(heavy > needed ? [`${client}: ${heavy} Heavy requests where ${needed} are needed`] : []),
    ...(refusals > 0 ? [`${client}: ${refusals} refusals`] : [])
  ]
}
