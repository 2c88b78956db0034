import { Effect, type Scope } from "effect"
import { ArchiveError } from "./ArchiveError.ts"
import type { Destination } from "./Destination.ts"
import { placeOf } from "./internal/destination/destinationUrl.ts"
import { folderDestination } from "./internal/destination/folder.ts"
import { mustExist, type OpenOptions } from "./internal/whereMissing.ts"

/**
 * Opens the place of an archive's files. Its connections close with the scope.
 *
 * - `./archive`, `file:./archive`, `file:///archive`: a folder, made where it is not there unless that is to fail. Relative ones begin at `base`.
 *   After `file:`, `%20` is a space; a plain path is taken as it is.
 * - `s3://bucket/prefix`: a bucket of AWS, which must exist, with the credentials of the AWS environment. `?region=` is
 *   needed where that environment names none; `&endpoint=https://…` is another storage that speaks S3, such as MinIO,
 *   Cloudflare R2 or Google Cloud Storage (`https://storage.googleapis.com`, with an HMAC key); its buckets are part of the
 *   path unless `&forcePathStyle=false`. An endpoint without TLS that is not on loopback needs `&allowInsecure=true`.
 *
 * Azure is not offered yet.
 *
 * Fails with `InvalidOptions` where the address is none of these, and with `Destination` where a folder cannot be made. A
 * bucket is asked for nothing before its first use.
 */
export const openDestination = (
  url: string,
  base: string,
  options: OpenOptions = {}
): Effect.Effect<Destination, ArchiveError, Scope.Scope> =>
  Effect.suspend(() => {
    const place = placeOf(url, base)
    switch (place.kind) {
      case "folder":
        return Effect.andThen(mustExist(place.folder, options), folderDestination(place.folder))
      case "bucket":
        return Effect.gen(function* () {
          // A large library, for those who use it.
          const { bucketDestination } = yield* Effect.promise(() => import("./internal/destination/bucket.ts"))
          return yield* bucketDestination(place.options)
        })
      case "problem":
        return Effect.fail(
          new ArchiveError({
            reason: "InvalidOptions",
            detail: `archive.url: ${place.says}`,
            ...(place.remedy !== undefined && { remedy: place.remedy })
          })
        )
    }
  })
