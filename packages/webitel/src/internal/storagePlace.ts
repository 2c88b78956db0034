/** Where the files of a storage profile lie, as the option `files` says (docs/vendors/webitel.md#files). Pure. */
import { hasCredentials, isHttp, isInsecure } from "@callreel/transport"
import { Result } from "effect"
import { isAbsolute } from "node:path"
import { fileURLToPath } from "node:url"

/** A folder that this machine sees. */
export interface Folder {
  readonly kind: "folder"
  readonly path: string
}

/** A bucket of S3, or of what speaks its protocol. */
export interface Bucket {
  readonly kind: "bucket"
  readonly bucket: string
  /** In front of every key, without slashes at its ends; empty for none. */
  readonly prefix: string
  /** Undefined: as the environment says. */
  readonly region: string | undefined
  /** Undefined: Amazon's own. */
  readonly endpoint: string | undefined
}

export type StoragePlace = Folder | Bucket

/** The profile of files whose row names none. */
export const defaultProfile = "default"

/** Whether a key of the option names a profile: its id, or `default`. */
export const isProfile = (key: string): boolean => key === defaultProfile || /^[1-9]\d{0,9}$/.test(key)

/** Reads `file:///folder` or `s3://bucket/prefix?region=…&endpoint=…`; fails with how to write it, never with the text. */
export const parsePlace = (text: string, insecureAllowed: boolean): Result.Result<StoragePlace, string> => {
  if (!URL.canParse(text)) return Result.fail(form)
  const url = new URL(text)
  if (url.protocol === "file:") return text.startsWith("file:///") ? folderOf(url) : Result.fail(form)
  return url.protocol === "s3:" ? bucketOf(url, insecureAllowed) : Result.fail(form)
}

const form = "must be file:///folder or s3://bucket/prefix?region=…&endpoint=…"

const folderOf = (url: URL): Result.Result<Folder, string> => {
  if (url.search !== "" || url.hash !== "") return Result.fail("must be a folder and nothing else: file:///folder")
  // An encoded slash would be part of a name; fileURLToPath throws.
  if (/%(?:2f|5c|00)/i.test(url.pathname)) return Result.fail("must be a folder without encoded slashes")
  const path = fileURLToPath(url)
  return isAbsolute(path) ? Result.succeed({ kind: "folder", path }) : Result.fail(form)
}

const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const parameters = new Set(["region", "endpoint"])

const bucketOf = (url: URL, insecureAllowed: boolean): Result.Result<Bucket, string> => {
  if (hasCredentials(url)) {
    return Result.fail("holds no credentials: they come from the environment, a profile or a role, as AWS has them")
  }
  if (!bucketName.test(url.hostname) || url.port !== "" || url.hash !== "") return Result.fail(form)
  const names = [...url.searchParams.keys()]
  if (names.some((name) => !parameters.has(name)) || new Set(names).size < names.length) {
    return Result.fail("may have the parameters region and endpoint, each once")
  }
  const endpoint = url.searchParams.get("endpoint") ?? undefined
  const wrong = endpoint === undefined ? undefined : wrongPartOfEndpoint(endpoint, insecureAllowed)
  if (wrong !== undefined) return Result.fail(wrong)
  const prefix = decoded(url.pathname)?.replaceAll(/^\/+|\/+$/g, "")
  if (prefix === undefined || /\0|(?:^|\/)\.{1,2}(?:\/|$)/.test(prefix)) return Result.fail(form)
  // Other services take any region; Amazon's own must be told.
  const region = url.searchParams.get("region") ?? (endpoint === undefined ? undefined : "us-east-1")
  return Result.succeed({ kind: "bucket", bucket: url.hostname, prefix, region, endpoint })
}

const wrongPartOfEndpoint = (text: string, insecureAllowed: boolean): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !isHttp(url) || hasCredentials(url) || url.search !== "" || url.hash !== "") {
    return "has an endpoint that is no address such as https://storage.example"
  }
  return isInsecure(url) && !insecureAllowed ? "has an endpoint without https; allowInsecure allows it" : undefined
}

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
