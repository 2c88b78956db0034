import { generateCalls } from "@callreel/testkit"
import { type RingCentralOptions, type RingCentralSimulator, startRingCentral } from "@callreel/testkit/ringcentral"
import * as Either from "fp-ts/lib/Either.js"
import { fork } from "node:child_process"
import { nextMessage } from "../nextMessage.ts"
import { Delivery, type Order, ready } from "./Client.ts"

/** How many recordings a client fetches, and how it is driven. */
export interface Setting {
  /** All of them available. */
  readonly recordings: number
  /** How many are asked for at once. */
  readonly atOnce: number
  /** When a client is stopped, in times of the ideal. */
  readonly cap: number
  /** How large each recording is. Default: as of 20 to 40 seconds. */
  readonly bytes?: number
}

/** What one client did. */
export interface ClientResult {
  readonly client: string
  /** Fetched with the bytes that were recorded. */
  readonly fetched: number
  /** Fetched with other bytes. */
  readonly wrong: number
  readonly missing: number
  /** How often recordings were asked for in vain, by the reason that the client gave. */
  readonly failures: Readonly<Record<string, number>>
  /** Requests as the simulator counted them. */
  readonly heavy: number
  readonly heavyPerRecording: number
  readonly refusals: number
  /** Those later than one window after the first request. */
  readonly refusalsInSteadyState: number
  readonly penaltiesRestarted: number
  readonly logins: number
  readonly seconds: number
  /** It was stopped before it was done. */
  readonly capped: boolean
  /** Its time, in times of what the limit allows for what it fetched. */
  readonly timesIdeal: number
  /** Most memory of the client's process, in MiB. */
  readonly mebibytes: number
}

/** The documented limit, in requests in any minute; and the minute, which passes so many times faster. */
const heavyLimit = 10
const timeScale = 60
const windowSeconds = 60 / timeScale

/** How long so many recordings take where each is one request and the limit is used up, in seconds. */
export const idealSeconds = (recordings: number): number => (recordings / heavyLimit) * windowSeconds

const firstCall = Date.parse("2026-01-01T08:00:00Z")
const betweenCalls = 20 * 60_000

const startOf = (call: number): Date => new Date(firstCall + call * betweenCalls)

const vendorWith = ({ bytes, recordings }: Setting): RingCentralOptions => ({
  seed: "quota",
  timeScale,
  world: generateCalls({ seed: "quota", from: startOf(0), to: startOf(1), count: 0 }),
  extraRecordings: Array.from({ length: recordings }, (_, call) => ({
    startedAt: startOf(call),
    ...(bytes === undefined ? { durationSeconds: 20 + (call % 21) } : { bytes, callEndsAt: startOf(call + 1) })
  }))
})

/** A client whose process is up, beside a vendor of its own. */
export interface ReadyClient {
  /** Lets it list and fetch everything, once. */
  readonly measure: () => Promise<ClientResult>
}

/** Starts a client and its vendor; all vendors are the same. */
export const startClient = async (client: string, setting: Setting): Promise<ReadyClient> => {
  const { atOnce, cap, recordings } = setting
  const vendor = await startRingCentral(vendorWith(setting))
  const { deliver } = await startProcess(client)
  return {
    measure: async () => {
      const delivery = await deliver({
        account: {
          ...vendor.app,
          serverUrl: vendor.serverUrl,
          mediaUrl: vendor.mediaUrl,
          dateFrom: startOf(0).toISOString(),
          dateTo: startOf(recordings).toISOString()
        },
        atOnce,
        capSeconds: cap * idealSeconds(recordings)
      })
      const result = resultOf(client, recordings, vendor, delivery)
      await vendor.close()
      return result
    }
  }
}

const program = new URL("./clientProcess.ts", import.meta.url)
const useDist = new URL("../useDist.ts", import.meta.url).href

const startProcess = async (client: string) => {
  // The SDK's HTTP library uses what Node calls deprecated.
  const child = fork(program, [client], { execArgv: ["--import", useDist, "--disable-warning=DEP0040"] })
  if ((await nextMessage(child)) !== ready) throw new Error(`${client} did not start`)
  return {
    deliver: async (order: Order): Promise<Delivery> => {
      child.send(order)
      const delivery = Delivery.decode(await nextMessage(child))
      if (Either.isLeft(delivery)) throw new Error(`${client} ended without a result`)
      return delivery.right
    }
  }
}

const resultOf = (
  client: string,
  recordings: number,
  { audioOf, counts, requests }: RingCentralSimulator,
  { capped, failures, fetched, mebibytes, seconds }: Delivery
): ClientResult => {
  const outcomes = new Map(fetched.map(([id, sha512]) => [id, audioOf(id)?.sha512() === sha512]))
  const right = [...outcomes.values()].filter(Boolean).length
  const [first] = requests.of("call-log")
  const settled = (first?.time.getTime() ?? 0) + windowSeconds * 1000
  const late = requests.entries.filter(({ status, time }) => status === 429 && time.getTime() > settled)
  return {
    client,
    fetched: right,
    wrong: outcomes.size - right,
    missing: recordings - outcomes.size,
    failures,
    heavy: counts.heavy,
    heavyPerRecording: counts.heavy / right,
    refusals: counts.refusals,
    refusalsInSteadyState: late.length,
    penaltiesRestarted: counts.penaltiesRestarted,
    logins: counts.auth,
    seconds,
    capped,
    timesIdeal: seconds / idealSeconds(right),
    mebibytes
  }
}
