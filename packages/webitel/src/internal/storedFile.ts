/**
 * A file as its row in `storage.files` tells it → the path or key where its bytes lie (docs/vendors/webitel.md#files). What
 * stands in a row never leads out of the place that is configured. Pure.
 */
import * as t from "io-ts"
import { join } from "node:path"
import { type Bucket, defaultProfile, type Folder, type StoragePlace } from "./storagePlace.ts"

/** A row of `storage.files`, without what is not set; numbers and flags as text. */
export const StoredFile = t.intersection(
  [
    t.type({ name: t.string, size: t.string }),
    t.partial({
      /** Id of the storage profile. */
      profile: t.string,
      mime_type: t.string,
      channel: t.string,
      /** Where a profile with folders keeps it, and one with buckets. */
      directory: t.string,
      location: t.string,
      encrypted: t.string,
      removed: t.string,
      not_exists: t.string,
      /** Whether it is held back as malware. */
      malware: t.string
    })
  ],
  "StoredFile"
)
export type StoredFile = t.TypeOf<typeof StoredFile>

/** Places by the id of the profile, or `default`. */
export type StoragePlaces = ReadonlyMap<string, StoragePlace>

/** Where the bytes of one file lie. */
export type Whereabouts =
  | { readonly place: Folder; readonly path: string }
  | { readonly place: Bucket; readonly key: string }

/** Where the file can be read as it is; undefined where only the server can give it. */
export const whereaboutsOf = (file: StoredFile, places: StoragePlaces): Whereabouts | undefined => {
  const place = places.get(file.profile ?? defaultProfile)
  if (place === undefined || !isPlainRecording(file) || !(Number(file.size) > 0)) return undefined
  if (place.kind === "folder") {
    const path = pathBelow(file)
    return path && { place, path: join(place.path, ...path) }
  }
  const segments = file.location === undefined ? undefined : segmentsOf(file.location)
  return segments && { place, key: [...(place.prefix === "" ? [] : [place.prefix]), ...segments].join("/") }
}

/** Encrypted files are cipher text on disk; what is held back or on its way out is the server's to refuse. */
const isPlainRecording = ({ channel, encrypted, malware, not_exists, removed }: StoredFile): boolean =>
  [encrypted, malware, not_exists, removed].every(isOff) && (channel === undefined || ["", "call"].includes(channel))

const isOff = (flag: string | undefined): boolean => flag === undefined || flag === "" || flag === "false"

const pathBelow = ({ directory, name }: StoredFile): ReadonlyArray<string> | undefined => {
  const folders = directory === undefined ? undefined : directory === "" ? [] : segmentsOf(directory)
  const names = segmentsOf(name)
  return folders === undefined || names?.length !== 1 ? undefined : [...folders, ...names]
}

/** The segments of a relative path, none of which leads upwards; undefined for any other text. */
const segmentsOf = (path: string): ReadonlyArray<string> | undefined => {
  if (path.startsWith("/") || /[\0\\]/.test(path)) return undefined
  const segments = path.replace(/\/$/, "").split("/")
  return segments.some((segment) => ["", ".", ".."].includes(segment)) ? undefined : segments
}
