/** The source of a vendor on loopback: see vendorServer.ts. */
import {
  type Audio,
  type ChangePage,
  defineSource,
  NotFound,
  type Reason,
  Recording,
  type RecordingSource,
  Unavailable
} from "@callreel/recording"
import { memoryCapability } from "@callreel/testkit"
import { Effect, Option, Stream } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"

const Page = t.type({ recordings: t.array(Recording), total: t.number })

const get = (url: string, signal: AbortSignal, start?: number): Promise<Response> =>
  fetch(url, { signal, ...(start !== undefined && { headers: { range: `bytes=${start}-` } }) })

const unavailable = () => new Unavailable({ detail: "no answer" })

export const vendorSource = (name: string, url: string): RecordingSource => {
  const pageAfter = (after: number): Effect.Effect<t.TypeOf<typeof Page>, Reason> =>
    Effect.tryPromise({
      try: async (signal) => Page.decode(await (await get(`${url}/changes?after=${after}`, signal)).json()),
      catch: unavailable
    }).pipe(Effect.flatMap((page) => (Either.isRight(page) ? Effect.succeed(page.right) : Effect.fail(unavailable()))))

  const openAudio = (id: string, start: number | undefined): Effect.Effect<Audio<Reason>, Reason> =>
    Effect.gen(function* () {
      const response = yield* Effect.tryPromise({
        try: (signal) => get(`${url}/audio/${encodeURIComponent(id)}`, signal, start),
        catch: unavailable
      })
      const { body } = response
      if (!response.ok || body === null) return yield* new NotFound({ what: "the recording" })
      const bytes = Number(response.headers.get("content-length"))
      const range = start === undefined ? {} : { range: { start, end: start + bytes - 1, total: start + bytes } }
      return {
        mediaType: "audio/mpeg",
        bytes,
        ...range,
        stream: Stream.fromReadableStream<Uint8Array, Reason>({ evaluate: () => body, onError: unavailable })
      }
    })

  const none = Effect.fail(new NotFound({ what: "the recording" }))
  return defineSource({
    name,
    provider: "memory",
    capability: { ...memoryCapability, stats: false, remove: false, removeWindow: false, notification: false },
    list: () => Stream.empty,
    changes: (after) =>
      Stream.paginate<number, ChangePage, Reason>(typeof after?.state === "number" ? after.state : 0, (position) =>
        Effect.map(pageAfter(position), ({ recordings, total }) => {
          const next = position + recordings.length
          const page = { recordings, checkpoint: { provider: "memory", version: 1, state: next } }
          return [[page], next < total ? Option.some(next) : Option.none()]
        })
      ),
    get: () => none,
    find: () => none,
    audio: ({ id }, { range }) => openAudio(id, range?.start),
    check: Effect.succeed({ permissions: [], limits: [] })
  })
}
