/**
 * Receives RingCentral's notifications with a plain web server: each request goes to the source, which says what to answer
 * and which calls to look for. The answer goes out at once, as the vendor waits three seconds at most.
 *
 * How to subscribe is in docs/vendors/ringcentral.md#webhook. Here the example itself posts what RingCentral would.
 */
import { type CallReference, RecordingError } from "@callreel/recording"
import { connect } from "@callreel/ringcentral"
import { startRingCentral } from "@callreel/testkit/ringcentral"
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import { Readable } from "node:stream"
import { setTimeout as sleep } from "node:timers/promises"
import { listen } from "./support/listen.ts"

const ringCentral = await startRingCentral({ seed: "examples" })
const { clientId, clientSecret, jwt } = ringCentral.app
const verificationToken = "known to RingCentral and to us alone"
const us = await connect({
  name: "us",
  serverUrl: ringCentral.serverUrl,
  mediaUrl: ringCentral.mediaUrl,
  clientId,
  clientSecret,
  jwt,
  verificationToken
})

/** Looks until there is a recording, or will be none. A service would store `call` and `retryAt`: both are plain data. */
const lookFor = async (call: CallReference): Promise<number> => {
  try {
    const recordings = await us.find(call)
    for (const { call: found, id } of recordings) {
      console.log(`  recording ${id} of a call from ${found?.from?.number} to ${found?.to?.number}`)
    }
    return recordings.length
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error
    if (error.reason._tag === "NotFound") return 0
    if (error.reason._tag !== "Pending") {
      // One call that cannot be looked up must not end the service.
      console.error(error.message)
      return 0
    }
    await sleep(error.reason.retryAt.getTime() - Date.now())
    return lookFor(call)
  }
}

const searches: Array<Promise<number>> = []

const receive = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value])
  )
  // Not read before it is understood: a body longer than any notification is refused on the way.
  const body = Readable.toWeb(incoming)
  const request = new Request("http://localhost/", { method: "POST", headers, body, duplex: "half" })
  const { calls, response } = await us.notification(request)
  outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end()
  searches.push(...calls.map(lookFor))
}

const server = createServer((incoming, outgoing) => {
  if (incoming.method !== "POST") {
    outgoing.writeHead(405).end()
    return
  }
  receive(incoming, outgoing).catch(() => outgoing.destroy())
})
const port = await listen(server)

/** What RingCentral does. Gives the answer's status, and the token that it sends back. */
const post = (headers: Readonly<Record<string, string>>, body?: unknown): Promise<string> =>
  new Promise((resolve, reject) => {
    request({ port, method: "POST", headers }, (response) => {
      const token = response.headers["validation-token"]
      response
        .on("end", () => resolve(`${response.statusCode}${token === undefined ? "" : `, ${String(token)}`}`))
        .resume()
    })
      .on("error", reject)
      .end(body === undefined ? undefined : JSON.stringify(body))
  })

const recorded = ringCentral.truth.find(({ kind, state }) => kind === "automatic" && state === "available")
if (recorded === undefined) throw new Error("the simulator has recordings")
const ringing = ringCentral.telephonyEvent(recorded, { status: "Proceeding", recordings: false, sequence: 1 })
const over = ringCentral.telephonyEvent(recorded)
const genuine = { "verification-token": verificationToken }

const answers = [
  ["the test of a new subscription", await post({ "validation-token": "e0f7" }), "200, e0f7"],
  ["somebody else", await post({ "verification-token": "a guess" }, over), "401"],
  ["the call rings", await post(genuine, ringing), "200"],
  ["the call is over", await post(genuine, over), "200"]
] as const
for (const [what, answer] of answers) console.log(`${what}: ${answer}`)
const found = (await Promise.all(searches)).reduce((sum, count) => sum + count, 0)

server.close()
await us.close()
await ringCentral.close()
if (answers.some(([, answer, expected]) => answer !== expected)) throw new Error("an answer is not what it should be")
if (searches.length !== 1 || found === 0) throw new Error("one call is to be looked for, and has recordings")
