/** Started by the benchmark of files: brings all of them into a folder, by callreel. */
import { makeLayout, openArchive, syncArchive } from "@callreel/archive"
import { InvalidResponse } from "@callreel/recording"
import { type Http, makeHttp, rateGate } from "@callreel/transport"
import { Effect, Stream } from "effect"
import { mkdir } from "node:fs/promises"
import { baseUrl, bytes, concurrency, folder, mode, names, saving } from "./saving.ts"
import { servedSource } from "./servedSource.ts"

const connect = Effect.gen(function* () {
  const gate = yield* rateGate({ key: "bench", groups: {}, concurrency })
  return yield* makeHttp({
    baseUrl,
    gate,
    classify: () => new InvalidResponse({ path: "", detail: "unexpected" })
  })
})

const media = (http: Http, name: string) =>
  http.media({
    target: { path: [name] },
    credentials: "none",
    untrusted: "refuse",
    group: "bench",
    expectedBytes: bytes
  })

const modes: Readonly<Record<string, () => Promise<unknown>>> = {
  sync: () =>
    Effect.gen(function* () {
      const http = yield* connect
      const archive = yield* openArchive({ url: `file:${folder}` })
      const source = servedSource(names, bytes, (name) => media(http, name))
      const result = yield* syncArchive(archive, [{ source }], {
        layout: yield* makeLayout(),
        tool: "bench",
        transfers: concurrency
      })
      if (result.archived !== names.length) return yield* Effect.die(new Error(result.summary))
    }).pipe(Effect.scoped, Effect.runPromise),

  engine: () =>
    Effect.gen(function* () {
      const http = yield* connect
      yield* Effect.promise(() => mkdir(folder, { recursive: true }))
      yield* Effect.forEach(
        names,
        (name) =>
          Effect.scoped(
            Effect.gen(function* () {
              const { stream } = yield* media(http, name)
              const file = yield* Effect.promise(() => saving(name))
              yield* Stream.runForEachArray(stream, (pieces) =>
                Effect.forEach(pieces, (piece) => Effect.promise(() => file.write(piece)), { discard: true })
              )
              yield* Effect.promise(() => file.end())
            })
          ),
        { concurrency, discard: true }
      )
    }).pipe(Effect.scoped, Effect.runPromise)
}

await modes[mode]?.()
