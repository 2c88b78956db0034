import { Effect, Stream } from "effect"
import { describe, expect, it } from "vitest"
import type { Capability } from "./Capability.ts"
import { defineSource } from "./defineSource.ts"
import { NotFound, Truncated } from "./Reason.ts"
import type { Recording } from "./Recording.ts"
import { connectSource } from "./RecordingClient.ts"
import { RecordingError } from "./RecordingError.ts"
import type { SourceDefinition } from "./SourceDefinition.ts"

const window = { from: new Date(0), to: new Date(1_000_000) }

const capability: Capability = {
  changes: false,
  link: false,
  stats: false,
  remove: false,
  removeWindow: false,
  requestArchive: false,
  notification: false,
  listByDirection: "here",
  listByNumber: "here",
  listByExtension: "here",
  listByQueue: "here",
  listOrder: "both",
  findByCallId: true,
  findByEvent: false,
  audioWithRange: false,
  hasBytes: false,
  hasDuration: false,
  hasChecksum: false,
  hasMediaType: false,
  hasQueue: false,
  getIsSlow: false,
  audioRequests: 1
}

const recording = (id: string): Recording => ({
  source: "office",
  provider: "test",
  account: "1",
  id,
  call: { id, direction: "inbound", outcome: "answered", startedAt: new Date(5) },
  kind: "automatic",
  availability: { state: "available" },
  raw: {}
})

/** A source that counts what is open: the listing, the audio's socket, the source itself. */
const connect = async (definition: Partial<SourceDefinition> = {}) => {
  const open = { source: 0, listing: 0, socket: 0 }
  const tracked = (key: keyof typeof open) =>
    Effect.acquireRelease(
      Effect.sync(() => (open[key] += 1)),
      () => Effect.sync(() => (open[key] -= 1))
    )
  const endless = Stream.fromEffectRepeat(Effect.sync(() => new Uint8Array([1, 2, 3])))
  let rows = 0
  const client = await connectSource(
    Effect.as(
      tracked("source"),
      defineSource({
        name: "office",
        provider: "test",
        capability,
        list: () =>
          Stream.scoped(
            Stream.unwrap(
              Effect.as(tracked("listing"), Stream.fromEffectRepeat(Effect.sync(() => recording(`${rows++}`))))
            )
          ),
        get: () => Effect.fail(new NotFound({ what: "the recording" })),
        find: () => Effect.never,
        audio: () => Effect.as(tracked("socket"), { mediaType: "audio/mpeg", stream: endless }),
        check: Effect.succeed({ permissions: [], limits: [] }),
        ...definition
      })
    )
  )
  return { client, open }
}

describe("RecordingClient", () => {
  it("iterates, and breaking out closes the listing", async () => {
    const { client, open } = await connect()
    const ids: Array<string> = []
    const openDuring: Array<number> = []
    for await (const found of client.list(window)) {
      ids.push(found.id)
      openDuring.push(open.listing)
      if (ids.length === 3) break
    }
    expect(ids).toEqual(["0", "1", "2"])
    expect(openDuring).toEqual([1, 1, 1])
    expect(open.listing).toBe(0)
    await client.close()
    expect(open.source).toBe(0)
  })

  it("throws the RecordingError itself", async () => {
    const { client } = await connect()
    const error: unknown = await client.get({ id: "7" }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RecordingError)
    expect(error).toMatchObject({ source: "office", operation: "get", reason: { _tag: "NotFound" } })
  })

  it("gives a web stream, and cancelling it closes the socket", async () => {
    const { client, open } = await connect()
    const audio = await client.audio({ id: "7" })
    expect(open.socket).toBe(1)
    const reader = audio.stream.getReader()
    expect((await reader.read()).value).toEqual(new Uint8Array([1, 2, 3]))
    await reader.cancel()
    expect(open.socket).toBe(0)
  })

  it("closes the socket of a stream that nobody began to read", async () => {
    const { client, open } = await connect()
    const audio = await client.audio({ id: "7" })
    await audio.stream.cancel()
    expect(open.socket).toBe(0)
  })

  it("errors the web stream when the audio is cut, and closes the socket", async () => {
    const cut = new Truncated({ expected: 9, received: 3 })
    const { client } = await connect({
      audio: () =>
        Effect.succeed({
          mediaType: "audio/mpeg",
          stream: Stream.concat(Stream.succeed(new Uint8Array(3)), Stream.fail(cut))
        })
    })
    const audio = await client.audio({ id: "7" })
    const error: unknown = await new Response(audio.stream).arrayBuffer().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RecordingError)
    expect(error).toMatchObject({ reason: { _tag: "Truncated", expected: 9, received: 3 } })
  })

  it("calls off by signal: the reason is thrown, nothing ends quietly, sockets close", async () => {
    const { client, open } = await connect()
    const calledOff = new Error("called off")

    const controller = new AbortController()
    const finding = client.find({ id: "c" }, { signal: controller.signal })
    controller.abort(calledOff)
    await expect(finding).rejects.toBe(calledOff)

    const listing = new AbortController()
    const iterate = async (): Promise<void> => {
      for await (const _ of client.list(window, { signal: listing.signal })) listing.abort(calledOff)
    }
    await expect(iterate()).rejects.toBe(calledOff)
    expect(open.listing).toBe(0)

    const playing = new AbortController()
    const audio = await client.audio({ id: "7" }, { signal: playing.signal })
    const reader = audio.stream.getReader()
    await reader.read()
    playing.abort(calledOff)
    await expect(reader.read()).rejects.toBe(calledOff)
    expect(open.socket).toBe(0)
  })

  it("closes what making the source opened, also at the end of an `await using` block", async () => {
    const { client, open } = await connect()
    {
      await using _ = client
      expect(open.source).toBe(1)
    }
    expect(open.source).toBe(0)
  })
})
