/** Started by the quota benchmark: the client that is named does one job, in a process that has nothing else in memory. */
import * as Either from "fp-ts/lib/Either.js"
import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { type Delivery, Order, ready } from "./Client.ts"
import { contenders } from "./clients.ts"

const [client = ""] = process.argv.slice(2)
const contender = contenders[client]
if (contender === undefined) throw new Error(`no client ${client}`)
const work = await contender.load()
process.send?.(ready)
const received: ReadonlyArray<unknown> = await once(process, "message")
const order = Order.decode(received[0])
if (Either.isLeft(order)) throw new Error("the order is not understood")
const { account, atOnce, capSeconds } = order.right

// Not maxRSS, which Linux begins at that of the process that started this one.
let mostBytes = 0
const sampler = setInterval(() => {
  mostBytes = Math.max(mostBytes, process.memoryUsage.rss())
}, 20)

const fetched: Array<[string, string]> = []
const failures: Record<string, number> = {}
const started = performance.now()
const ended = await Promise.race([
  work({
    account,
    atOnce,
    fetched: (recordingId, sha512) => fetched.push([recordingId, sha512]),
    failed: (reason) => {
      failures[reason] = (failures[reason] ?? 0) + 1
    }
  }).then(() => "done" as const),
  sleep(capSeconds * 1000, "capped" as const)
])
const seconds = (performance.now() - started) / 1000
clearInterval(sampler)
const delivery: Delivery = { seconds, capped: ended === "capped", mebibytes: mostBytes / 2 ** 20, fetched, failures }
process.send?.(delivery, () => process.exit())
