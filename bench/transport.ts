import { makeFetch, makeHttp, rateGate } from "@callreel/transport"
import { InvalidResponse } from "@callreel/recording"
import { Effect } from "effect"
import * as t from "io-ts"
import ky from "ky"
import { createServer } from "node:http"
import { median, type Row } from "./support/table.ts"

const concurrency = 16

/** Small answers: what a request costs beside the vendor's own time. Each contender in turn, medians of the rounds. */
export const transport = async ({ quick }: { readonly quick: boolean }): Promise<ReadonlyArray<Row>> => {
  const [requests, rounds] = quick ? [200, 1] : [1_000, 5]
  const server = createServer((_, response) => {
    response.setHeader("content-type", "application/json").end('{"ok":true}')
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const baseUrl = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : ""

  const measured = await Effect.runPromise(Effect.scoped(compare(baseUrl, requests, rounds)))
  server.close()
  server.closeAllConnections()

  const floor = measured.get(floorName) ?? Number.NaN
  return [...measured].map(([name, millis]) => ({
    what: `${requests} small GETs, ${concurrency} at a time: ${name}`,
    measured: `${millis.toFixed(0)} ms`,
    comparedWith: `${(millis / floor).toFixed(2)} × ${floorName}`
  }))
}

const floorName = "ky on the global fetch"

const compare = Effect.fnUntraced(function* (baseUrl: string, requests: number, rounds: number) {
  const { trusted } = yield* makeFetch()
  const gate = yield* rateGate({ key: "bench", groups: {}, concurrency })
  const http = yield* makeHttp({
    baseUrl,
    gate,
    classify: () => new InvalidResponse({ path: "", detail: "unexpected" })
  })
  const Answer = t.type({ ok: t.boolean })
  type Send = (request: number) => Effect.Effect<unknown, unknown>
  const contenders: ReadonlyMap<string, Send> = new Map<string, Send>([
    [floorName, (request) => Effect.tryPromise(() => ky(`${baseUrl}/${request}`).json())],
    ["ky on our fetch", (request) => Effect.tryPromise(() => ky(`${baseUrl}/${request}`, { fetch: trusted }).json())],
    ["Http.json: gate, retries, decoding", (request) => http.json(Answer, { path: [`${request}`], group: "bench" })]
  ])
  const times = new Map<string, Array<number>>()
  for (let round = 0; round <= rounds; round++) {
    for (const [name, send] of contenders) {
      const started = performance.now()
      yield* Effect.forEach(Array.from({ length: requests }).keys(), send, { concurrency, discard: true })
      // The first round warms up.
      if (round > 0) times.set(name, [...(times.get(name) ?? []), performance.now() - started])
    }
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]))
})
