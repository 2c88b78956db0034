/** Bytes of a storage as audio: checked against the file's row before any of them is delivered. */
import {
  type Audio,
  type ByteRange,
  InvalidQuery,
  InvalidResponse,
  normaliseMediaType,
  type Reason,
  Truncated
} from "@callreel/recording"
import { audioStream, type Segment, sniffLength, sniffMediaType } from "@callreel/transport"
import { Effect, Exit, Scope } from "effect"

/** A file that can be read from any of its bytes on. */
export interface StoredBytes {
  /** Opens it at a byte; `end` (exclusive) is how far it will be read at least, where that is known. */
  readonly from: (
    start: number,
    end?: number
  ) => Effect.Effect<{ readonly total: number; readonly segment: Segment }, Reason, Scope.Scope>
}

/** What a file has to be, and which part of it is wanted. */
export interface StoredRequest {
  /** Of the whole file, by its row. */
  readonly size: number
  /** By its row; what the storage itself answers with. */
  readonly mediaType: string | undefined
  /** Of the whole file, as it was listed. */
  readonly expectedBytes?: number
  readonly range?: ByteRange
}

/** The audio: of the size that its row tells, and audio by its first bytes. It goes on by itself where a read failed. */
export const storedAudio = (
  bytes: StoredBytes,
  { expectedBytes, mediaType, range, size }: StoredRequest
): Effect.Effect<Audio<Reason>, Reason, Scope.Scope> =>
  Effect.gen(function* () {
    if (expectedBytes !== undefined && expectedBytes !== size) {
      return yield* new Truncated({ expected: expectedBytes, received: size })
    }
    const start = range?.start ?? 0
    const end = Math.min(range?.end ?? Infinity, size - 1) + 1
    if (start >= end) return yield* new InvalidQuery({ field: "range.start", detail: `the audio has ${size} bytes` })
    const scope = yield* Effect.scope
    const file = yield* Scope.fork(scope)
    const { segment, total } = yield* Scope.provide(bytes.from(start, Math.max(end, sniffLength)), file)
    if (total !== size) return yield* new Truncated({ expected: size, received: total })
    const begin = yield* peek(segment.read)
    const head = start === 0 ? begin.head : (yield* Effect.scoped(headOf(bytes))).head
    const type = yield* typeOf(mediaType, head)
    return {
      mediaType: type,
      bytes: end - start,
      ...(range && { range: { start, end: end - 1, total } }),
      stream: audioStream({
        start,
        end,
        toFileEnd: end === total,
        first: { ...segment, read: begin.again },
        gated: false,
        closeFirst: Scope.close(file, Exit.void),
        reopen: (position) => Effect.map(bytes.from(position, end), (opened) => opened.segment),
        scope
      })
    }
  })

/** The row's type, where the bytes are audio: an unmarked cipher text, or an error page that was stored, is none. */
const typeOf = (mediaType: string | undefined, head: Uint8Array): Effect.Effect<string, InvalidResponse> => {
  const sniffed = sniffMediaType(head)
  if (sniffed === undefined) {
    return Effect.fail(new InvalidResponse({ path: "", detail: "the stored file does not begin like audio" }))
  }
  const declared = normaliseMediaType(mediaType ?? "")
  return Effect.succeed(/^(?:audio|video)\//.test(declared) ? declared : sniffed)
}

const headOf = (bytes: StoredBytes) => Effect.flatMap(bytes.from(0, sniffLength), ({ segment }) => peek(segment.read))

/** Reads ahead as much as tells audio from anything else; the reader it gives begins with those bytes again. */
const peek = Effect.fnUntraced(function* (read: Segment["read"]) {
  const pieces: Array<Uint8Array> = []
  let length = 0
  while (length < sniffLength) {
    const piece = yield* read
    if (piece === undefined) break
    pieces.push(piece)
    length += piece.length
  }
  const head = new Uint8Array(Buffer.concat(pieces).subarray(0, sniffLength))
  const again: Segment["read"] = Effect.suspend(() => {
    const piece = pieces.shift()
    return piece === undefined ? read : Effect.succeed(piece)
  })
  return { head, again }
})
