import { Effect } from "effect"

/** Longest notification to read, in bytes; vendors' are some kilobytes. Anybody may send one. */
const longestBody = 1024 * 1024

/**
 * The body of a webhook request as text, empty where there is none.
 *
 * Fails with the status to refuse the request with: 413 where the body is longer than any notification, however much of
 * it the headers admit, 400 where it could not be read.
 */
export const notificationBody = (request: Request): Effect.Effect<string, 400 | 413> =>
  Effect.gen(function* () {
    if (Number(request.headers.get("content-length")) > longestBody) return yield* Effect.fail(413 as const)
    const text = yield* Effect.mapError(
      Effect.tryPromise(() => textOf(request)),
      () => 400 as const
    )
    return text ?? (yield* Effect.fail(413 as const))
  })

/** The body, undefined where it is longer than any notification. */
const textOf = async (request: Request): Promise<string | undefined> => {
  const decoder = new TextDecoder()
  let text = ""
  let length = 0
  const body: ReadableStream<Uint8Array> | null = request.body
  for await (const bytes of body ?? []) {
    length += bytes.length
    if (length > longestBody) return undefined
    text += decoder.decode(bytes, { stream: true })
  }
  return text + decoder.decode()
}
