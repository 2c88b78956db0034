/** The address of an archive, read. Pure. */
import { nearest } from "@callreel/recording"
import { isAbsolute, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import type { BucketOptions } from "./bucketClient.ts"

/** Where an archive is. */
export type Place =
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "bucket"; readonly options: BucketOptions }
  | Problem

/** What is wrong with an address. It never repeats what may be a secret: user, password, parameters. */
export interface Problem {
  readonly kind: "problem"
  readonly says: string
  readonly remedy?: string
}

const known = "a path, file:./archive, file:///archive or s3://bucket/prefix"

/** What may follow a bucket's address. */
const parameters = ["region", "endpoint", "forcePathStyle", "allowInsecure"] as const

/** `file:./archive`, `file:///archive`, a plain path, or `s3://bucket/prefix`; paths are relative to `base`. */
export const placeOf = (address: string, base: string): Place => {
  // One letter is a drive of Windows.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1]?.toLowerCase()
  switch (scheme) {
    case undefined:
      return folderAt(address, base)
    case "file":
      return filePlace(address, base)
    case "s3":
      return bucketPlace(address)
    case "gs":
    case "gcs":
      return problem(
        `${scheme}: is not known, only ${known}`,
        "Google Cloud Storage speaks S3: s3://bucket/prefix?endpoint=https://storage.googleapis.com&region=auto with an HMAC key"
      )
    default:
      return problem(`${scheme}: is not known, only ${known}`)
  }
}

const problem = (says: string, remedy?: string): Problem => ({
  kind: "problem",
  says,
  ...(remedy !== undefined && { remedy })
})

const folderAt = (path: string, base: string): Place => {
  if (path.trim() === "") return problem(`is empty; it must be ${known}`)
  if (path.includes("\0")) return problem("has a null byte in its path")
  return { kind: "folder", folder: isAbsolute(path) ? path : resolve(base, path) }
}

const filePlace = (address: string, base: string): Place => {
  const rest = address.slice("file:".length)
  const url = URL.parse(address)
  if (/[?#]/.test(rest)) return problem("has ? or # after file:", "write %3F or %23, or the path without file:")
  if (url === null || /%(?:00|2f|5c)|%(?![0-9a-f]{2})/i.test(rest)) {
    return problem(
      "has a % after file: that stands for no character of a name",
      "write % as %25, or the path without file:"
    )
  }
  if (rest.startsWith("//")) {
    return url.host === "" || url.host === "localhost"
      ? folderAt(fileURLToPath(`file://${url.pathname}`), base)
      : problem("names a host after file://", "a folder of this machine has three slashes: file:///archive")
  }
  const path = decode(rest)
  return path === undefined ? problem("is not UTF-8 after file:") : folderAt(path, base)
}

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const bucketPlace = (address: string): Place => {
  const url = URL.parse(address)
  const bucket = url?.host ?? ""
  if (url === null || !/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/.test(bucket)) {
    return problem(
      "names no bucket",
      "write s3://bucket/prefix; names of buckets have 3 to 63 lower-case letters, digits, . and -"
    )
  }
  if (url.username !== "" || url.password !== "") {
    return problem(
      "must not hold credentials",
      "give them the way the AWS command line takes them: environment, profile or role"
    )
  }
  if (url.hash !== "") return problem("has a #", "write it as %23")
  const prefix = decode(url.pathname.replaceAll(/^\/+|\/+$/g, ""))
  if (prefix === undefined || !isPrefix(prefix)) {
    return problem("has a prefix that cannot be one", "names between single slashes, none of them . or ..")
  }
  return withParameters({ bucket, prefix }, url.searchParams)
}

/** Kept short, so that paths of files below it are keys. */
const longestPrefix = 100

const isPrefix = (prefix: string): boolean =>
  prefix === "" ||
  (Buffer.byteLength(prefix) <= longestPrefix &&
    !/\p{Cc}|\\/u.test(prefix) &&
    prefix.split("/").every((name) => name !== "" && name !== "." && name !== ".."))

const withParameters = (place: Pick<BucketOptions, "bucket" | "prefix">, given: URLSearchParams): Place => {
  const unknown = [...given.keys()].find((key) => !parameters.some((name) => name === key))
  if (unknown !== undefined) {
    const near = nearest(unknown, parameters)
    return problem(`has a parameter that is not known, only ${parameters.join(", ")}`, near && `did you mean ${near}?`)
  }
  if (parameters.some((name) => given.getAll(name).length > 1)) return problem("has a parameter twice")
  const region = given.get("region") ?? undefined
  const endpoint = given.get("endpoint") ?? undefined
  const forcePathStyle = flag(given, "forcePathStyle")
  const allowInsecure = flag(given, "allowInsecure")
  if (forcePathStyle === "neither" || allowInsecure === "neither") {
    return problem("has a parameter that is neither true nor false", "forcePathStyle and allowInsecure are")
  }
  if (region !== undefined && !/^[a-z0-9-]{2,40}$/.test(region)) return problem("names a region that cannot be one")
  const trouble = endpoint === undefined ? undefined : endpointProblem(endpoint, allowInsecure === true)
  if (trouble !== undefined) return trouble
  // Most storages beside AWS know a bucket only as a part of the path.
  const pathStyle = forcePathStyle ?? (endpoint === undefined ? undefined : true)
  return {
    kind: "bucket",
    options: {
      ...place,
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
      ...(pathStyle !== undefined && { forcePathStyle: pathStyle })
    }
  }
}

const flag = (given: URLSearchParams, name: string): boolean | "neither" | undefined => {
  const text = given.get(name)
  if (text === null) return undefined
  return text === "true" || (text === "false" ? false : "neither")
}

const endpointProblem = (endpoint: string, allowInsecure: boolean): Problem | undefined => {
  const url = URL.parse(endpoint)
  if (url === null || !/^https?:$/.test(url.protocol)) return problem("has an endpoint that is not https://…")
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return problem("has an endpoint with more than scheme, host, port and path")
  }
  return url.protocol === "https:" || allowInsecure || isLoopback(url.hostname)
    ? undefined
    : problem("has an endpoint without TLS", "use https://, or add allowInsecure=true in a network that you trust")
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host.endsWith(".localhost") || /^127\.\d+\.\d+\.\d+$/.test(host) || host === "[::1]"
