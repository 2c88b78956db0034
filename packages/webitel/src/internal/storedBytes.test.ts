import { type Reason, RetryLimits, Truncated, Unavailable } from "@callreel/recording"
import { Duration, Effect, Exit, Scope, Stream } from "effect"
import { describe, expect, it } from "vitest"
import { storedAudio, type StoredBytes, type StoredRequest } from "./storedBytes.ts"

const audio = Uint8Array.from({ length: 1000 }, (_, index) => index % 251)
audio.set(new TextEncoder().encode("ID3"))

interface Fake extends StoredBytes {
  readonly starts: ReadonlyArray<number>
  readonly open: () => number
}

/** Bytes in memory, in pieces of seven; the first openings end early, at a byte. */
const fake = (
  bytes: Uint8Array,
  { breaks = [], total = bytes.length }: { breaks?: ReadonlyArray<number>; total?: number } = {}
): Fake => {
  const starts: Array<number> = []
  const ends = [...breaks]
  let open = 0
  return {
    starts,
    open: () => open,
    from: (start) =>
      Effect.map(
        Effect.acquireRelease(
          Effect.sync(() => void (open += 1)),
          () => Effect.sync(() => void (open -= 1))
        ),
        () => {
          starts.push(start)
          const end = ends.shift() ?? bytes.length
          let position = start
          const read = Effect.suspend((): Effect.Effect<Uint8Array | undefined, Reason> => {
            if (position >= end)
              return end < bytes.length ? Effect.fail(new Unavailable({ detail: "broke" })) : Effect.undefined
            const piece = bytes.subarray(position, Math.min(position + 7, end))
            position += piece.length
            return Effect.succeed(piece)
          })
          return { total, segment: { read, end: undefined } }
        }
      )
  }
}

const request: StoredRequest = { size: audio.length, mediaType: "audio/mp3" }

const fetchAll = (bytes: StoredBytes, wanted: StoredRequest = request) =>
  storedAudio(bytes, wanted).pipe(
    Effect.flatMap(({ stream, ...told }) =>
      Effect.map(Stream.runCollect(stream), (pieces) => ({ ...told, all: Buffer.concat(pieces) }))
    ),
    Effect.scoped,
    Effect.provideService(RetryLimits, { attempts: 2, within: Duration.seconds(5) }),
    Effect.runPromise
  )
const refusal = (bytes: StoredBytes, wanted: StoredRequest = request) =>
  Effect.runPromise(Effect.flip(Effect.scoped(storedAudio(bytes, wanted))))

describe("audio of a storage", () => {
  it("is whole, of the type that its row tells, and closed in the end", async () => {
    const bytes = fake(audio)
    const { all, ...told } = await fetchAll(bytes)
    expect(told).toEqual({ mediaType: "audio/mpeg", bytes: 1000 })
    expect(all.equals(audio)).toBe(true)
    expect([bytes.starts, bytes.open()]).toEqual([[0], 0])
  })

  it.each([
    ["", "audio/mpeg"],
    ["application/octet-stream", "audio/mpeg"],
    ["audio/x-wav", "audio/wav"],
    ["video/mp4", "video/mp4"]
  ])("of a row with the type %j is %s", async (mediaType, expected) => {
    expect((await fetchAll(fake(audio), { ...request, mediaType })).mediaType).toBe(expected)
  })

  it.each([
    [{ start: 0, end: 0 }, 0, 0],
    [{ start: 0, end: 9 }, 0, 9],
    [{ start: 500, end: 507 }, 500, 507],
    [{ start: 990 }, 990, 999],
    [{ start: 990, end: 5000 }, 990, 999]
  ])("gives the part %j", async (range, start, end) => {
    const bytes = fake(audio)
    const part = await fetchAll(bytes, { ...request, range })
    expect(part).toMatchObject({ bytes: end - start + 1, range: { start, end, total: 1000 } })
    expect(part.all.equals(audio.subarray(start, end + 1))).toBe(true)
    expect(bytes.open()).toBe(0)
  })

  it("goes on where a read failed, and is short for good where it fails again", async () => {
    const bytes = fake(audio, { breaks: [300] })
    expect((await fetchAll(bytes)).all.equals(audio)).toBe(true)
    expect(bytes.starts).toEqual([0, 300])
    const broken = fake(audio, { breaks: [300, 400] })
    await expect(fetchAll(broken)).rejects.toEqual(new Truncated({ expected: 1000, received: 400 }))
    expect(broken.open()).toBe(0)
  })

  it("is closed with its scope, also where nobody reads it", async () => {
    const bytes = fake(audio)
    const scope = Scope.makeUnsafe()
    await Effect.runPromise(Effect.provideService(storedAudio(bytes, request), Scope.Scope, scope))
    expect(bytes.open()).toBe(1)
    await Effect.runPromise(Scope.close(scope, Exit.void))
    expect(bytes.open()).toBe(0)
  })
})

describe("a stored file is not taken for the recording", () => {
  it.each<[string, StoredBytes, Partial<StoredRequest>, string]>([
    ["of another size", fake(audio, { total: 999 }), {}, "Truncated"],
    ["of another size than was listed", fake(audio), { expectedBytes: 1001 }, "Truncated"],
    ["that is no audio", fake(Uint8Array.from({ length: 1000 }, () => 7)), {}, "InvalidResponse"],
    ["that is no audio, for a part of it", fake(new Uint8Array(1000)), { range: { start: 500 } }, "InvalidResponse"],
    ["that ends before the part", fake(audio), { range: { start: 1000 } }, "InvalidQuery"]
  ])("%s", async (_, bytes, more, tag) => {
    expect((await refusal(bytes, { ...request, ...more }))._tag).toBe(tag)
  })

  it("that is shorter than it says", async () => {
    const short = fake(audio.subarray(0, 800), { total: 1000 })
    await expect(fetchAll(short)).rejects.toEqual(new Truncated({ expected: 1000, received: 800 }))
  })

  it("that grew", async () => {
    await expect(fetchAll(fake(audio, { total: 900 }), { ...request, size: 900 })).rejects.toMatchObject({
      _tag: "Truncated"
    })
  })
})
