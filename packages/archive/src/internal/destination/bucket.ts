import { Effect, Scope, Stream } from "effect"
import { ArchiveError } from "../../ArchiveError.ts"
import type { Destination, Receiver, StoredFile } from "../../Destination.ts"
import { checkFolder, checkPath, ownFolder } from "./archivePath.ts"
import { type BucketClient, type BucketOptions, makeBucketClient, partSize } from "./bucketClient.ts"
import { bucketError, failureOf, isMissing } from "./bucketError.ts"
import { PartBuffer } from "./PartBuffer.ts"
import { abortUploads, beginUpload, type MultipartUpload } from "./multipartUpload.ts"

/** Files on one page of a listing. */
const pageSize = 1_000

/**
 * An archive in a bucket of AWS S3, or of another storage that speaks it: MinIO, Cloudflare R2, Google Cloud Storage by its
 * interoperability endpoint. Nothing is asked of it before the first use.
 *
 * flystorage reads, lists, looks up and removes, and writes files below 8 MiB, each with one request. Larger ones go by
 * `multipartUpload.ts`, which says why, and keep at most three parts in memory. An interrupted try leaves nothing that a
 * later one could go on with. Credentials come from where the AWS command line takes them.
 *
 * Fails with `Destination`, naming the bucket and what to do; the SDK's errors are not kept, because they hold signatures.
 */
export const bucketDestination = (options: BucketOptions): Effect.Effect<Destination, ArchiveError, Scope.Scope> =>
  Effect.map(makeBucketClient(options), (client) => destinationIn(client, options))

const destinationIn = (client: BucketClient, { bucket, prefix }: BucketOptions): Destination => {
  const { storage } = client
  const root = prefix === "" ? "" : `${prefix}/`
  const name = prefix === "" ? `s3://${bucket}` : `s3://${bucket}/${prefix}`
  /** Ids of the uploads that are under way here. */
  const own = new Set<string>()
  const attemptTo =
    (use: "written" | "read") =>
    <A>(run: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, ArchiveError> =>
      Effect.tryPromise({ try: (signal) => run(signal), catch: (error) => bucketError(name, use, error) })
  const toWrite = attemptTo("written")
  const toRead = attemptTo("read")

  const put = (path: string, content: Uint8Array, mimeType: string) =>
    Effect.andThen(
      checkPath(path),
      // A Buffer: of any other array flystorage would stream the bytes one by one.
      toWrite((abortSignal) => storage.write(root + path, Buffer.from(content), { mimeType, abortSignal }))
    )

  const receive = (path: string, mediaType: string): Effect.Effect<Receiver, ArchiveError, Scope.Scope> =>
    Effect.gen(function* () {
      yield* checkPath(path)
      const scope = yield* Effect.scope
      const buffer = new PartBuffer(partSize)
      let upload: MultipartUpload | undefined
      const begin = Effect.gen(function* () {
        upload ??= yield* beginUpload(client, { Bucket: bucket, Key: root + path }, mediaType, own, toWrite)
        return upload
      }).pipe(Scope.provide(scope))
      // Once: what was gathered is gone after it.
      const commit = yield* Effect.cached(
        Effect.suspend(() =>
          upload === undefined
            ? put(path, buffer.rest(), mediaType)
            : Effect.andThen(upload.send(buffer.rest()), upload.complete)
        )
      )
      return {
        kept: 0,
        keptBytes: Stream.empty,
        restart: Effect.void,
        write: (bytes) =>
          Effect.gen(function* () {
            for (const part of buffer.add(bytes)) yield* (yield* begin).send(part)
          }),
        commit
      } satisfies Receiver
    })

  const read = (path: string): Stream.Stream<Uint8Array, ArchiveError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        yield* checkPath(path)
        // Aborted with the stream: flystorage leaves the connection open when its reader goes away.
        const abortSignal = yield* Effect.abortSignal
        const body = yield* Effect.tryPromise({
          try: () => storage.read(root + path, { abortSignal }),
          catch: (error) => (isMissing(failureOf(error)) ? notFound(name, path) : bucketError(name, "read", error))
        })
        return Stream.fromAsyncIterable<Uint8Array, ArchiveError>(body, (error) => bucketError(name, "read", error))
      })
    )

  const stat = async (path: string, abortSignal: AbortSignal): Promise<StoredFile | undefined> => {
    try {
      const found = await storage.stat(root + path, { abortSignal })
      return found.isFile ? { path, bytes: found.size ?? 0 } : undefined
    } catch (error) {
      return isMissing(failureOf(error)) ? undefined : Promise.reject(error)
    }
  }

  const list = (folder: string): Stream.Stream<ReadonlyArray<StoredFile>, ArchiveError> =>
    Stream.unwrap(
      Effect.map(checkFolder(folder), (path) =>
        Stream.fromAsyncIterable(storage.list(root + path, { deep: true }), (error) =>
          bucketError(name, "read", error)
        ).pipe(
          Stream.filter((entry) => entry.isFile),
          Stream.map((entry): StoredFile => ({ path: entry.path.slice(root.length), bytes: entry.size ?? 0 })),
          Stream.filter((file) => !file.path.startsWith(`${ownFolder}/`)),
          Stream.grouped(pageSize)
        )
      )
    )

  return {
    name,
    receive,
    put,
    read,
    stat: (path) =>
      Effect.andThen(
        checkPath(path),
        toRead((abortSignal) => stat(path, abortSignal))
      ),
    list,
    remove: (path) =>
      Effect.andThen(
        checkPath(path),
        toWrite((abortSignal) => storage.deleteFile(root + path, { abortSignal }))
      ),
    // Whoever tidies holds the archive: no upload below it is anybody's any more.
    tidy: toWrite((signal) => abortUploads(client, { Bucket: bucket, Prefix: root }, own, signal))
  }
}

const notFound = (archive: string, path: string): ArchiveError =>
  new ArchiveError({ reason: "NotFound", detail: `the archive ${archive} has no file ${path}` })
