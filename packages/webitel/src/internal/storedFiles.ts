/** Audio from the storage's own folders and buckets, where the option `files` names them (docs/vendors/webitel.md#files). */
import { type Audio, InvalidOptions, NotFound, type PermissionCheck, type Reason } from "@callreel/recording"
import { Duration, Effect, Result, type Scope } from "effect"
import { idleTimeoutOf, type WebitelOptions } from "../WebitelOptions.ts"
import { permissionsOf } from "./access.ts"
import { type BucketStore, bucketStore } from "./bucketStore.ts"
import { playbackPermission } from "./errors.ts"
import { fileBytes, isReadableFolder } from "./fileStore.ts"
import { isProfile, parsePlace, type StoragePlace } from "./storagePlace.ts"
import { storedAudio, type StoredBytes, type StoredRequest } from "./storedBytes.ts"
import { type StoredFile, type Whereabouts, whereaboutsOf } from "./storedFile.ts"
import type { UserInfo } from "./wire.ts"

/** The storage's files, where this machine can read them. */
export interface StoredFiles {
  /** The audio of a file; `NotFound` where only the server can give it. */
  readonly audio: (
    fileId: string,
    request: Pick<StoredRequest, "range" | "expectedBytes">
  ) => Effect.Effect<Audio<Reason>, Reason, Scope.Scope>
  /** Whether each place can be read, under the name of its option. */
  readonly check: Effect.Effect<ReadonlyArray<PermissionCheck>>
}

/** What is asked before a file is read: its row, and whose token it is. */
export interface Register {
  /** The row of a file of the token's domain; undefined where there is none. */
  readonly storedFile: (fileId: string) => Effect.Effect<StoredFile | undefined, Reason>
  readonly user: Effect.Effect<UserInfo, Reason>
}

const defaultSilence = Duration.seconds(15)

/** The files behind the option `files`; undefined without it. Nothing is read before a recording is asked for. */
export const storedFiles = (
  options: WebitelOptions,
  { storedFile, user }: Register
): Effect.Effect<StoredFiles | undefined, InvalidOptions, Scope.Scope> =>
  Effect.gen(function* () {
    const places = yield* placesOf(options)
    if (places.size === 0) return undefined
    const silence = idleTimeoutOf(options) ?? defaultSilence
    const buckets = new Map<StoragePlace, BucketStore>()
    for (const [profile, place] of places) {
      if (place.kind === "bucket") buckets.set(place, yield* bucketStore(place, optionOf(profile), silence))
    }

    const bytesOf = (found: Whereabouts): StoredBytes | undefined =>
      "path" in found ? fileBytes(found.place.path, found.path) : buckets.get(found.place)?.object(found.key)

    return {
      audio: (fileId, request) =>
        Effect.gen(function* () {
          const file = mayReadFiles(yield* user) ? yield* storedFile(fileId) : undefined
          const found = file && whereaboutsOf(file, places)
          const bytes = found && bytesOf(found)
          if (file === undefined || bytes === undefined) return yield* new NotFound({ what: "a file to read here" })
          return yield* storedAudio(bytes, { ...request, size: Number(file.size), mediaType: file.mime_type })
        }),
      check: Effect.forEach(places, ([profile, place]) =>
        Effect.map(isReadable(place, buckets), (granted) => ({ name: optionOf(profile), granted }))
      )
    }
  })

const isReadable = (place: StoragePlace, buckets: ReadonlyMap<StoragePlace, BucketStore>): Effect.Effect<boolean> =>
  place.kind === "folder" ? isReadableFolder(place.path) : (buckets.get(place)?.isReadable ?? Effect.succeed(false))

const optionOf = (profile: string): string => `files.${profile}`

/** The places by profile; fails with `InvalidOptions` where one is written wrongly, or there are no rows to go by. */
export const placesOf = ({
  allowInsecure,
  database,
  files = {}
}: WebitelOptions): Effect.Effect<ReadonlyMap<string, StoragePlace>, InvalidOptions> =>
  Effect.gen(function* () {
    if (database === undefined && Object.keys(files).length > 0) {
      return yield* new InvalidOptions({
        option: "files",
        detail: "needs the option database, which knows where files lie"
      })
    }
    const places = new Map<string, StoragePlace>()
    for (const [profile, text] of Object.entries(files)) {
      const place = isProfile(profile)
        ? parsePlace(text, allowInsecure === true)
        : Result.fail("is neither the id of a storage profile nor default")
      if (Result.isFailure(place)) {
        return yield* new InvalidOptions({ option: optionOf(profile), detail: place.failure })
      }
      places.set(profile, place.success)
    }
    return places
  })

/**
 * Whether a user may read every recording of the domain, as far as its token tells. Where access is by record, or ends some
 * days after the call, the server decides file by file, and is left to do so.
 */
export const mayReadFiles = (user: UserInfo): boolean => {
  const permissions = permissionsOf(user)
  const plays = permissions.some(({ name }) => name === playbackPermission)
  const byRecord = user.scope?.some(({ class: name, rbac }) => name === "record_file" && rbac === true) === true
  return plays && !byRecord && permissions.every(({ granted }) => granted)
}
