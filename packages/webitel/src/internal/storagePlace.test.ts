import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { type Bucket, isProfile, parsePlace, type StoragePlace } from "./storagePlace.ts"

const bucket = (more: Partial<Bucket>): Bucket => ({
  kind: "bucket",
  bucket: "calls",
  prefix: "",
  region: undefined,
  endpoint: undefined,
  ...more
})

describe("a place", () => {
  it.each<[string, StoragePlace]>([
    ["file:///var/lib/webitel/recordings", { kind: "folder", path: "/var/lib/webitel/recordings" }],
    ["file:///srv/all%20calls/", { kind: "folder", path: "/srv/all calls/" }],
    ["file:///srv/%D0%B7", { kind: "folder", path: "/srv/з" }],
    ["s3://calls", bucket({})],
    ["s3://calls/", bucket({})],
    ["s3://calls/a/b/", bucket({ prefix: "a/b" })],
    ["s3://calls/a%20b?region=eu-central-1", bucket({ prefix: "a b", region: "eu-central-1" })],
    [
      "s3://calls?endpoint=https%3A%2F%2Fminio.example%3A9000",
      bucket({ region: "us-east-1", endpoint: "https://minio.example:9000" })
    ],
    [
      "s3://calls/a?endpoint=http://127.0.0.1:9000&region=here",
      bucket({ prefix: "a", region: "here", endpoint: "http://127.0.0.1:9000" })
    ]
  ])("is read: %s", (text, place) => {
    expect(parsePlace(text, false)).toEqual(Result.succeed(place))
  })

  it.each([
    ["/var/lib/webitel", "must be file:///folder"],
    ["", "must be file:///folder"],
    ["file:relative", "must be file:///folder"],
    ["file://host/share", "must be file:///folder"],
    ["file:///a?x=1", "a folder and nothing else"],
    ["file:///a#x", "a folder and nothing else"],
    ["file:///a%2Fb", "without encoded slashes"],
    ["file:///a%00", "without encoded slashes"],
    ["https://calls.s3.amazonaws.com", "must be file:///folder"],
    ["s3://key:secret@calls", "holds no credentials"],
    ["s3://calls:80", "must be file:///folder"],
    ["s3://Calls_", "must be file:///folder"],
    ["s3://", "must be file:///folder"],
    ["s3://calls/%2e%2e/x%00", "must be file:///folder"],
    ["s3://calls/a%2F..%2Fb", "must be file:///folder"],
    ["s3://calls/%ff", "must be file:///folder"],
    ["s3://calls?zone=a", "region and endpoint"],
    ["s3://calls?region=a&region=b", "region and endpoint"],
    ["s3://calls?endpoint=minio", "no address"],
    ["s3://calls?endpoint=ftp://minio", "no address"],
    ["s3://calls?endpoint=https://key:secret@minio", "no address"],
    ["s3://calls?endpoint=http://minio.example", "allowInsecure"]
  ])("is refused, without repeating it: %s", (text, problem) => {
    const detail = Result.getOrThrow(Result.flip(parsePlace(text, false)))
    expect(detail).toContain(problem)
    expect(detail).not.toContain("secret")
  })

  it("may have an endpoint without https where that is allowed", () => {
    const place = parsePlace("s3://calls?endpoint=http://minio.example", true)
    expect(place).toEqual(Result.succeed(bucket({ region: "us-east-1", endpoint: "http://minio.example" })))
  })
})

it.each([
  ["default", true],
  ["7", true],
  ["2147483647", true],
  ["0", false],
  ["07", false],
  ["-1", false],
  ["a", false],
  ["", false]
])("%j names a profile: %s", (key, expected) => {
  expect(isProfile(key)).toBe(expected)
})
