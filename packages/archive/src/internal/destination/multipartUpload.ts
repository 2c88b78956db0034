import type { CompletedPart, ListMultipartUploadsCommandOutput } from "@aws-sdk/client-s3"
import { Effect, Fiber, type Scope } from "effect"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { BucketClient } from "./bucketClient.ts"
import { failureOf } from "./bucketError.ts"

/** Parts under way at once: with the one that fills, no more than so many and one are in memory. */
const mostUnderWay = 2

/** How long giving up an upload may hold up the end of its scope. */
const abortWithin = "15 seconds"

/** An upload in parts. There is nothing under the key until `complete`. */
export interface MultipartUpload {
  /** Sends a part, all but the last of the same size. Waits while others are under way; fails where one of them did. */
  readonly send: (bytes: Uint8Array) => Effect.Effect<void, ArchiveError>
  readonly complete: Effect.Effect<void, ArchiveError>
}

/**
 * Begins a multipart upload. Without `complete`, the end of the scope stops the parts under way and gives the upload up, so
 * that nothing is left which the storage would charge for.
 *
 * By the SDK itself: flystorage's `write` takes the whole file as one stream, its abort neither stops the parts under way
 * nor waits until the upload is given up. While it is under way, its id is among the `own` ones.
 */
export const beginUpload = (
  { client, sdk }: BucketClient,
  place: { readonly Bucket: string; readonly Key: string },
  mediaType: string,
  own: Set<string>,
  attempt: <A>(run: (signal: AbortSignal) => Promise<A>) => Effect.Effect<A, ArchiveError>
): Effect.Effect<MultipartUpload, ArchiveError, Scope.Scope> =>
  Effect.gen(function* () {
    let isComplete = false
    const abort = (id: string | undefined) =>
      attempt((abortSignal) =>
        client.send(new sdk.AbortMultipartUploadCommand({ ...place, UploadId: id }), { abortSignal })
      ).pipe(Effect.timeoutOption(abortWithin), Effect.ignore)
    const { UploadId } = yield* Effect.acquireRelease(
      Effect.tap(
        attempt((abortSignal) =>
          client.send(new sdk.CreateMultipartUploadCommand({ ...place, ContentType: mediaType }), { abortSignal })
        ),
        (upload) => Effect.sync(() => void own.add(upload.UploadId ?? ""))
      ),
      (upload) =>
        Effect.suspend(() => (isComplete ? Effect.void : abort(upload.UploadId))).pipe(
          Effect.ensuring(Effect.sync(() => void own.delete(upload.UploadId ?? "")))
        )
    )
    // Closes before the upload is given up: no part may arrive after that.
    const scope = yield* Effect.scope
    const underWay: Array<Fiber.Fiber<CompletedPart, ArchiveError>> = []
    const parts: Array<CompletedPart> = []
    let count = 0

    const sendPart = (Body: Uint8Array, PartNumber: number) =>
      Effect.map(
        attempt((abortSignal) =>
          client.send(new sdk.UploadPartCommand({ ...place, UploadId, PartNumber, Body }), { abortSignal })
        ),
        ({ ChecksumCRC32, ETag }): CompletedPart => ({
          PartNumber,
          ...(ETag !== undefined && { ETag }),
          ...(ChecksumCRC32 !== undefined && { ChecksumCRC32 })
        })
      )
    const joinFirst = Effect.suspend(() => {
      const first = underWay.shift()
      return first === undefined ? Effect.void : Effect.map(Fiber.join(first), (part) => void parts.push(part))
    })

    return {
      send: (bytes) =>
        Effect.gen(function* () {
          if (underWay.length >= mostUnderWay) yield* joinFirst
          count += 1
          underWay.push(yield* Effect.forkIn(sendPart(bytes, count), scope))
        }),
      complete: Effect.gen(function* () {
        while (underWay.length > 0) yield* joinFirst
        yield* attempt((abortSignal) =>
          client.send(
            new sdk.CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts: parts } }),
            { abortSignal }
          )
        )
        isComplete = true
      })
    }
  })

/**
 * Gives up the uploads below a prefix that are not our own: those of killed processes, where nobody else writes there. A storage that cannot
 * list uploads has none to give up. Rejects with the SDK's error.
 */
export const abortUploads = async (
  { client, sdk }: BucketClient,
  place: { readonly Bucket: string; readonly Prefix: string },
  own: ReadonlySet<string>,
  abortSignal: AbortSignal
): Promise<void> => {
  const { Bucket } = place
  let page: ListMultipartUploadsCommandOutput | undefined
  do {
    page = await client
      .send(
        new sdk.ListMultipartUploadsCommand({
          ...place,
          ...(page?.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }),
          ...(page?.NextUploadIdMarker !== undefined && { UploadIdMarker: page.NextUploadIdMarker })
        }),
        { abortSignal }
      )
      .catch((reason: unknown) => (failureOf(reason).status === 501 ? undefined : Promise.reject(reason)))
    for (const { Key, UploadId } of page?.Uploads ?? []) {
      if (own.has(UploadId ?? "")) continue
      await client
        .send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }), { abortSignal })
        .catch((reason: unknown) => (failureOf(reason).status === 404 ? undefined : Promise.reject(reason)))
    }
  } while (page?.IsTruncated === true)
}
