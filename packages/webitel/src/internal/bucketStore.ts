/** Files of a storage in a bucket of S3. Amazon's library is large and optional: it is loaded where a bucket is named. */
import {
  Forbidden,
  InvalidOptions,
  InvalidResponse,
  NotFound,
  type Reason,
  Unauthorized,
  Unavailable
} from "@callreel/recording"
import type { Segment } from "@callreel/transport"
import type { GetObjectCommandOutput } from "@aws-sdk/client-s3"
import { type Duration, Effect, type Scope } from "effect"
import { Readable } from "node:stream"
import type { Bucket } from "./storagePlace.ts"
import type { StoredBytes } from "./storedBytes.ts"

/** A bucket that can be read. */
export interface BucketStore {
  readonly object: (key: string) => StoredBytes
  /** Whether the bucket is there for these credentials. */
  readonly isReadable: Effect.Effect<boolean>
}

/**
 * Prepares the bucket without asking it anything; its connections end with the scope. Credentials come from Amazon's own
 * chain. Fails with `InvalidOptions` naming the package where that is not installed.
 */
export const bucketStore = (
  { bucket, endpoint, region }: Bucket,
  option: string,
  silence: Duration.Duration
): Effect.Effect<BucketStore, InvalidOptions, Scope.Scope> =>
  Effect.gen(function* () {
    const { GetObjectCommand, HeadBucketCommand, S3Client } = yield* Effect.tryPromise({
      try: () => import("@aws-sdk/client-s3"),
      catch: () =>
        new InvalidOptions({ option, detail: "needs the package @aws-sdk/client-s3: install it beside callreel" })
    })
    const client = yield* Effect.acquireRelease(
      Effect.sync(
        () =>
          new S3Client({
            ...(region !== undefined && { region }),
            // Other services have their buckets in the path.
            ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
            // What fails is read over HTTP, which is quicker than insisting.
            maxAttempts: 1,
            responseChecksumValidation: "WHEN_REQUIRED"
          })
      ),
      (opened) => Effect.sync(() => opened.destroy())
    )

    const from: (key: string) => StoredBytes["from"] = (key) => (start, end) =>
      Effect.gen(function* () {
        const request = new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          Range: `bytes=${start}-${end === undefined ? "" : end - 1}`
        })
        const answer = yield* patiently((signal) => client.send(request, { abortSignal: signal }), silence)
        const extent = extentOf(answer, start)
        const { Body: body } = answer
        if (!(body instanceof Readable)) return yield* new InvalidResponse({ path: "", detail: "no bytes" })
        yield* Effect.addFinalizer(() => Effect.sync(() => body.destroy()))
        if (extent === undefined) {
          return yield* new InvalidResponse({ path: "", detail: "the bucket gave another part than was asked for" })
        }
        return { total: extent.total, segment: { read: reading(body, silence), end: extent.end } }
      })

    return {
      object: (key) => ({ from: from(key) }),
      isReadable: Effect.match(
        patiently((signal) => client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: signal }), silence),
        { onFailure: () => false, onSuccess: () => true }
      )
    }
  })

/** Size of the whole object, and where the body ends; undefined where it does not begin at the byte asked for. */
export const extentOf = (
  { ContentLength, ContentRange }: Pick<GetObjectCommandOutput, "ContentLength" | "ContentRange">,
  start: number
): { readonly total: number; readonly end: number } | undefined => {
  if (ContentRange === undefined) {
    return start === 0 && ContentLength !== undefined ? { total: ContentLength, end: ContentLength } : undefined
  }
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(ContentRange) ?? []
  return Number(first) === start ? { total: Number(total), end: Number(last) + 1 } : undefined
}

const reading = (body: Readable, silence: Duration.Duration): Segment["read"] => {
  const pieces: AsyncIterator<unknown> = body[Symbol.asyncIterator]()
  return Effect.flatMap(
    patiently(() => pieces.next(), silence),
    ({ done, value }) => {
      if (done === true) return Effect.undefined
      return value instanceof Uint8Array
        ? Effect.succeed(value)
        : Effect.fail(new InvalidResponse({ path: "", detail: "no bytes" }))
    }
  )
}

const patiently = <A>(run: (signal: AbortSignal) => Promise<A>, silence: Duration.Duration): Effect.Effect<A, Reason> =>
  Effect.tryPromise({ try: (signal) => run(signal), catch: reasonOfBucket }).pipe(
    Effect.timeoutOrElse({
      duration: silence,
      orElse: () => Effect.fail(new Unavailable({ detail: "the storage's bucket did not answer in time" }))
    })
  )

const refusedCredentials = new Set(["CredentialsProviderError", "InvalidAccessKeyId", "SignatureDoesNotMatch"])

/** Why a bucket failed, by the error's name and status. Its text may hold the key, and is left out. */
export const reasonOfBucket = (error: unknown): Reason => {
  const name = error instanceof Error ? error.name : ""
  const status = statusOf(error)
  if (status === 401 || refusedCredentials.has(name)) {
    return new Unauthorized({ detail: "the storage's bucket did not take the credentials" })
  }
  if (status === 403) return new Forbidden({ detail: "these credentials may not read the storage's bucket" })
  if (status === 404) return new NotFound({ what: "the file in the storage's bucket" })
  if (status !== undefined && status < 500 && status !== 408 && status !== 429) {
    return new InvalidResponse({ path: "", detail: `the storage's bucket answered with status ${status}` })
  }
  return new Unavailable({
    detail:
      status === undefined ? "the storage's bucket could not be reached" : "the storage's bucket could not answer",
    ...(status !== undefined && { status })
  })
}

const statusOf = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined
  const metadata = error.$metadata
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined
}
