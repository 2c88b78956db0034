import { InvalidQuery, type Reason } from "@callreel/recording"
import { Effect, Result } from "effect"
import { invalid } from "../HttpError.ts"
import type { HttpQuery, HttpTarget } from "./mediaContract.ts"

// Characters of RFC 3986 segments that encodeURIComponent encodes without need; some servers compare them as written.
const plainInSegments: Readonly<Record<string, string>> = { "%40": "@", "%3A": ":", "%24": "$", "%2C": ",", "%3D": "=" }

const encodeSegment = (segment: string): string =>
  encodeURIComponent(segment).replaceAll(/%(?:40|3A|24|2C|3D)/g, (encoded) => plainInSegments[encoded] ?? encoded)

const refuse = (detail: string): Result.Result<never, InvalidQuery> =>
  Result.fail(new InvalidQuery({ field: "id", detail }))

/** Each segment as exactly one segment of the path, joined by `/`, or why that cannot be. */
export const encodePath = (segments: ReadonlyArray<string>): Result.Result<string, InvalidQuery> => {
  for (const [index, segment] of segments.entries()) {
    if (segment === "" && index < segments.length - 1) return refuse("must not be empty")
    // Also percent-encoded, URLs take these two as steps up and down the path: they cannot be sent at all.
    if (segment === "." || segment === "..") return refuse("“.” and “..” are no ids")
    if (!segment.isWellFormed()) return refuse("is not well-formed Unicode text")
  }
  return Result.succeed(segments.map(encodeSegment).join("/"))
}

/** `?a=1&b=2&b=3`, with spaces as `%20`; empty without parameters. */
export const encodeQuery = (query: HttpQuery = {}): string => {
  const pairs = Object.entries(query).flatMap(([key, value]) => {
    if (value === undefined) return []
    const values = typeof value === "object" ? value : [String(value)]
    return values.map((text) => `${encodeURIComponent(key)}=${encodeURIComponent(text.toWellFormed())}`)
  })
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`
}

/** The address of a path below the base URL. */
export const addressOf = (
  base: URL,
  path: ReadonlyArray<string>,
  query?: HttpQuery
): Result.Result<URL, InvalidQuery> =>
  Result.map(encodePath(path), (encoded) => {
    const address = new URL(base)
    address.pathname = `${base.pathname.replace(/\/$/, "")}/${encoded}`
    address.search = encodeQuery(query)
    return address
  })

/** The address of a target: below the base URL, or as it stood in a response body, where it must be a full one. */
export const targetAddress = (base: URL, target: HttpTarget): Effect.Effect<URL, Reason> => {
  if ("path" in target) return Effect.fromResult(addressOf(base, target.path, target.query))
  const url = URL.parse(target.url)
  return url === null ? Effect.fail(invalid("an address in the answer is no full URL")) : Effect.succeed(url)
}
