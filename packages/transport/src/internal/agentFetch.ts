/**
 * `fetch` straight on a connection pool: the layers of undici's own `fetch` cost more than a small exchange does
 * (docs/benchmarks.md#transport).
 */
import { Duplex } from "node:stream"
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib"
import type { Dispatcher } from "undici"

/** So many bytes are read ahead of the reader, then the server has to wait. */
const mostWaiting = 256 * 1024

/** What waits is given to the reader as one piece up to so many bytes: a small body is one piece. */
const mostJoined = 64 * 1024

const nullBodies = new Set([204, 205, 304])

/** Not `DecompressionStream`, which refuses gzip of several members, or with anything behind it. */
const decoders = new Map<string, () => Duplex>([
  ["br", createBrotliDecompress],
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate]
])

/** Code of the error that an answer is refused with whose status or encoding is not known here. */
export const oddAnswerCode = "CALLREEL_ODD_ANSWER"

class OddAnswerError extends Error {
  readonly code = oddAnswerCode
}

/**
 * Fetches through the pool. As the global `fetch`, but redirects are not followed, and compressed answers are asked for
 * only where the request says so; they are decompressed (gzip, deflate, br). Rejects with the socket's error as it came.
 */
export const agentFetch =
  (agent: Dispatcher): typeof globalThis.fetch =>
  async (input, { signal: own, ...changes } = {}) => {
    const request = input instanceof Request && Object.keys(changes).length === 0 ? input : new Request(input, changes)
    const signal = own ?? request.signal
    const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer())
    signal.throwIfAborted()
    const { origin, pathname, search } = new URL(request.url)
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(request.method, signal, resolve, reject)
      agent.dispatch(
        { origin, path: `${pathname}${search}`, method: request.method, headers: [...request.headers].flat(), body },
        exchange
      )
    })
  }

/** One exchange: what the pool tells of it, as a `Response`. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #method: string
  readonly #signal: AbortSignal
  readonly #answer: (response: Response) => void
  readonly #refuse: (error: unknown) => void
  #dispatched: Dispatcher.DispatchController | undefined
  #reader: ReadableStreamDefaultController<Uint8Array> | undefined
  #waiting: Array<Uint8Array> = []
  #waitingSize = 0
  /** Whether the reader waits for bytes. */
  #isAsked = false
  #end: { readonly error?: unknown } | undefined

  constructor(
    method: string,
    signal: AbortSignal,
    answer: (response: Response) => void,
    refuse: (error: unknown) => void
  ) {
    this.#method = method
    this.#signal = signal
    this.#answer = answer
    this.#refuse = refuse
    signal.addEventListener("abort", this.#abort)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#dispatched = controller
    if (this.#end !== undefined) controller.abort(new Error("given up"))
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  ): void {
    if (status < 200) return
    if (status > 599) throw new OddAnswerError(`status ${status}`)
    const body = this.#method === "HEAD" || nullBodies.has(status) ? null : this.#body(headers["content-encoding"])
    // Without the reason phrase: any letters may be in it, of which `Response` refuses most, and it says nothing.
    this.#answer(new Response(body, { status, headers: pairsOf(headers) }))
  }

  onResponseData(controller: Dispatcher.DispatchController, bytes: Uint8Array): void {
    // Of an answer that must have no body (205), what the server sends all the same is let go.
    if (this.#reader === undefined) return
    this.#waiting.push(bytes)
    this.#waitingSize += bytes.length
    if (this.#isAsked) this.#deliver()
    else if (this.#waitingSize >= mostWaiting) controller.pause()
  }

  onResponseEnd(): void {
    this.#finish({})
  }

  onResponseError(_: unknown, error: Error): void {
    this.#refuse(error)
    this.#finish({ error })
  }

  readonly #abort = (): void => {
    const reason: unknown = this.#signal.reason
    this.#refuse(reason)
    this.#waiting = []
    this.#waitingSize = 0
    // Before the pool is told, which would end it with an error of its own.
    this.#finish({ error: reason })
    this.#dispatched?.abort(new Error("given up", { cause: reason }))
  }

  #finish(end: { readonly error?: unknown }): void {
    if (this.#end !== undefined) return
    this.#end = end
    this.#signal.removeEventListener("abort", this.#abort)
    if (this.#isAsked || this.#waiting.length === 0) this.#deliver()
  }

  /** Gives the reader some of what waits, and the end behind the last of it. */
  #deliver(): void {
    const piece = this.#nextPiece()
    if (piece !== undefined) {
      this.#isAsked = false
      this.#reader?.enqueue(piece)
    }
    if (this.#end === undefined) {
      // Last, as what comes now is told at once, the end included.
      if (this.#dispatched?.paused === true) this.#dispatched.resume()
      return
    }
    if (this.#waiting.length > 0) return
    // An error would overtake bytes that the reader was only just given.
    if (!("error" in this.#end)) this.#reader?.close()
    else if (piece === undefined) this.#reader?.error(this.#end.error)
  }

  #nextPiece(): Uint8Array | undefined {
    let count = 0
    let size = 0
    for (const { length } of this.#waiting) {
      if (count > 0 && size + length > mostJoined) break
      count += 1
      size += length
    }
    this.#waitingSize -= size
    if (count < 2) return this.#waiting.shift()
    return Buffer.concat(this.#waiting.splice(0, count), size)
  }

  #body(encoding: string | ReadonlyArray<string> | undefined): ReadableStream<Uint8Array> {
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#reader = controller
        },
        pull: () => {
          this.#isAsked = true
          if (this.#waiting.length > 0 || this.#end !== undefined) this.#deliver()
        },
        cancel: () => {
          this.#reader = undefined
          if (this.#end === undefined) this.#dispatched?.abort(new Error("given up"))
        }
      },
      { highWaterMark: 0 }
    )
    return encoding === undefined ? body : decoded(body, String(encoding))
  }
}

/** The body without its encodings, of which the last named was applied last. Throws where one is not known. */
const decoded = (body: ReadableStream<Uint8Array>, encodings: string): ReadableStream<Uint8Array> => {
  const names = encodings.split(",").map((encoding) => encoding.trim().toLowerCase())
  let plain = body
  for (const name of names.toReversed()) {
    if (name === "identity") continue
    const decoder = decoders.get(name)
    if (decoder === undefined) throw new OddAnswerError("an unknown encoding")
    plain = plain.pipeThrough<Uint8Array>(Duplex.toWeb(decoder()))
  }
  return plain
}

const pairsOf = (
  headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
): Array<[string, string]> =>
  Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one])
  )
