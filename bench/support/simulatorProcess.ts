import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { fork } from "node:child_process"
import { once } from "node:events"

const SimulatorSettings = t.type({
  baseUrl: t.string,
  clientId: t.string,
  clientSecret: t.string,
  storageOrigins: t.array(t.string),
  /** The one recording of so many bytes. */
  recordUuid: t.string
})
/** How a source reaches the simulator. */
export type SourceSettings = Omit<t.TypeOf<typeof SimulatorSettings>, "recordUuid">

/** A PBX with so many calls and one recording of so many bytes, in a process of its own, until `close`. */
export const simulatorProcess = async (calls: number, bytes: number) => {
  const child = fork(new URL("./simulator.ts", import.meta.url), [String(calls), String(bytes)])
  const answer: ReadonlyArray<unknown> = await once(child, "message")
  const settings = SimulatorSettings.decode(answer[0])
  if (Either.isLeft(settings)) throw new Error("the simulator did not start")
  const { recordUuid, ...source } = settings.right
  return { source, recordUuid, close: () => child.kill() }
}
