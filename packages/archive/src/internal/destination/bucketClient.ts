import type * as Sdk from "@aws-sdk/client-s3"
import type { FileStorage } from "@flystorage/file-storage"
import { Effect, type Scope } from "effect"

/** A bucket of an object storage that speaks S3. */
export interface BucketOptions {
  readonly bucket: string
  /** Folder of the archive in the bucket, without `/` at its ends; `""` is the whole bucket. */
  readonly prefix: string
  /** Default: what the AWS environment or profile says. */
  readonly region?: string
  /** Base URL of another storage than AWS. */
  readonly endpoint?: string
  /** The bucket as a part of the path, and not of the host name. */
  readonly forcePathStyle?: boolean
}

/** Part of a multipart upload, in bytes: 8 MiB. Below it, a file is one request. */
export const partSize = 8 * 1024 * 1024

/** What a bucket archive speaks through. */
export interface BucketClient {
  readonly sdk: typeof Sdk
  readonly client: Sdk.S3Client
  readonly storage: FileStorage
}

/** Connecting, in milliseconds. */
const connectionTimeout = 10_000

/** Without a byte either way, in milliseconds. A reader that pauses for longer loses its connection. */
const socketTimeout = 120_000

/**
 * Loads the SDK, which is large and which folder archives never need, and makes a client of it. Credentials, retries and
 * proxies are what the AWS environment and profile say. The client's connections close with the scope.
 */
export const makeBucketClient = ({
  bucket,
  endpoint,
  forcePathStyle,
  region
}: BucketOptions): Effect.Effect<BucketClient, never, Scope.Scope> =>
  Effect.gen(function* () {
    const [sdk, { AwsS3StorageAdapter }, { FileStorage }] = yield* Effect.promise(() =>
      Promise.all([import("@aws-sdk/client-s3"), import("@flystorage/aws-s3"), import("@flystorage/file-storage")])
    )
    const client = yield* Effect.acquireRelease(
      Effect.sync(
        () =>
          new sdk.S3Client({
            requestHandler: { connectionTimeout, socketTimeout },
            ...(region !== undefined && { region }),
            ...(forcePathStyle !== undefined && { forcePathStyle }),
            // Other storages do not all know AWS's newer checksums.
            ...(endpoint !== undefined && {
              endpoint,
              requestChecksumCalculation: "WHEN_REQUIRED",
              responseChecksumValidation: "WHEN_REQUIRED"
            })
          })
      ),
      (made) => Effect.sync(() => made.destroy())
    )
    const adapter = new AwsS3StorageAdapter(client, { bucket, uploadConfiguration: { partSize, queueSize: 2 } })
    // Keys are made here, prefix included; the normaliser of flystorage would rewrite them, on Windows with backslashes.
    return { sdk, client, storage: new FileStorage(adapter, { normalizePath: (key) => key }) }
  })
