import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { fork } from "node:child_process"
import { nextMessage } from "./nextMessage.ts"

const SimulatorSettings = t.type({
  baseUrl: t.string,
  clientId: t.string,
  clientSecret: t.string,
  storageOrigins: t.array(t.string),
  /** The one recording of so many bytes. */
  recordUuid: t.string
})
const Seen = t.type({ requests: t.array(t.number) })

/** How a source reaches the simulator. */
export type SourceSettings = Omit<t.TypeOf<typeof SimulatorSettings>, "recordUuid">

/** A PBX with so many calls and one recording of so many bytes, in a process of its own, until `close`. */
export const simulatorProcess = async (calls: number, bytes: number) => {
  const child = fork(new URL("./simulator.ts", import.meta.url), [String(calls), String(bytes)])
  const settings = SimulatorSettings.decode(await nextMessage(child))
  if (Either.isLeft(settings)) throw new Error("the simulator did not start")
  const { recordUuid, ...source } = settings.right
  /** When requests came since this was last asked, in milliseconds since 1970, in order. */
  const requests = async (): Promise<ReadonlyArray<number>> => {
    const answer = nextMessage(child)
    child.send("requests")
    const seen = Seen.decode(await answer)
    if (Either.isLeft(seen)) throw new Error("the simulator does not say what it saw")
    return seen.right.requests
  }
  return { source, recordUuid, requests, close: () => child.kill() }
}
