/**
 * `fetch` straight on a connection pool: the layers of undici's own `fetch` cost more than a small exchange does
 * (docs/benchmarks.md#transport).
 */
import type { Dispatcher } from "undici"

/** So many bytes are read ahead of the reader, then the server has to wait. */
const mostWaiting = 256 * 1024

/** What waits is given to the reader as one piece up to so many bytes: a small body is one piece. */
const mostJoined = 64 * 1024

const nullBodies = new Set([204, 205, 304])

const formats: Readonly<Record<string, "gzip" | "deflate">> = { gzip: "gzip", "x-gzip": "gzip", deflate: "deflate" }

/**
 * Fetches through the pool. As the global `fetch`, but redirects are not followed, and compressed answers are asked for
 * only where the request says so (`gzip` and `deflate`, which are decompressed). Rejects with the socket's error as it came.
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
    headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>,
    statusText?: string
  ): void {
    if (status < 200) return
    const body = this.#method === "HEAD" || nullBodies.has(status) ? null : this.#body(headers["content-encoding"])
    this.#answer(new Response(body, { status, statusText: statusText ?? "", headers: pairsOf(headers) }))
  }

  onResponseData(controller: Dispatcher.DispatchController, bytes: Uint8Array): void {
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
    this.#dispatched?.abort(new Error("given up", { cause: reason }))
    this.#waiting = []
    this.#waitingSize = 0
    this.#finish({ error: reason })
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
      if (this.#dispatched?.paused === true) this.#dispatched.resume()
    }
    if (this.#end === undefined || this.#waiting.length > 0) return
    // An error would overtake bytes that the reader was only just given.
    if (!("error" in this.#end)) this.#reader?.close()
    else if (piece === undefined) this.#reader?.error(this.#end.error)
  }

  #nextPiece(): Uint8Array | undefined {
    const isSmall = this.#waitingSize <= mostJoined && this.#waiting.length > 1
    const piece = isSmall ? Buffer.concat(this.#waiting.splice(0)) : this.#waiting.shift()
    this.#waitingSize -= piece?.length ?? 0
    return piece
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

/** The body without its encodings, of which the last named was applied last; one that is not known is left alone. */
const decoded = (body: ReadableStream<Uint8Array>, encodings: string): ReadableStream<Uint8Array> => {
  const names = encodings.split(",").map((encoding) => encoding.trim().toLowerCase())
  let plain = body
  for (const name of names.toReversed()) {
    const format = formats[name]
    if (format === undefined) return plain
    plain = plain.pipeThrough(new DecompressionStream(format))
  }
  return plain
}

const pairsOf = (
  headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
): Array<[string, string]> =>
  Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one])
  )
