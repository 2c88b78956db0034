import { describe, expect, it } from "@effect/vitest"
import { placeOf } from "./destinationUrl.ts"

const base = "/etc/callreel"

describe("folders", () => {
  it.each([
    ["./archive", "/etc/callreel/archive"],
    ["archive", "/etc/callreel/archive"],
    ["../archive", "/etc/archive"],
    ["/srv/archive", "/srv/archive"],
    ["archive of 100%", "/etc/callreel/archive of 100%"],
    ["a#b?c", "/etc/callreel/a#b?c"],
    ["c:archive", "/etc/callreel/c:archive"],
    ["file:./archive", "/etc/callreel/archive"],
    ["file:archive", "/etc/callreel/archive"],
    ["FILE:archive", "/etc/callreel/archive"],
    ["file:/srv/archive", "/srv/archive"],
    ["file:///srv/archive", "/srv/archive"],
    ["file://localhost/srv/archive", "/srv/archive"],
    ["file:///srv/my%20archive", "/srv/my archive"],
    ["file:./my%20archive", "/etc/callreel/my archive"],
    ["file:./my archive", "/etc/callreel/my archive"],
    ["file:./%C3%BC", "/etc/callreel/ü"]
  ])("%j is %s", (address, folder) => {
    expect(placeOf(address, base)).toEqual({ kind: "folder", folder })
  })
})

describe("buckets", () => {
  it.each([
    ["s3://recordings", { bucket: "recordings", prefix: "" }],
    ["s3://recordings/", { bucket: "recordings", prefix: "" }],
    ["s3://recordings/a/b/", { bucket: "recordings", prefix: "a/b" }],
    ["s3://my.bucket-1/a%20b", { bucket: "my.bucket-1", prefix: "a b" }],
    ["s3://recordings?region=eu-west-1", { bucket: "recordings", prefix: "", region: "eu-west-1" }],
    [
      "s3://recordings/p?endpoint=https://minio.example:9000",
      { bucket: "recordings", prefix: "p", endpoint: "https://minio.example:9000", forcePathStyle: true }
    ],
    [
      "s3://recordings?endpoint=https%3A%2F%2Foss.example&forcePathStyle=false",
      { bucket: "recordings", prefix: "", endpoint: "https://oss.example", forcePathStyle: false }
    ],
    ["s3://recordings?forcePathStyle=true", { bucket: "recordings", prefix: "", forcePathStyle: true }],
    [
      "s3://recordings?endpoint=http://127.0.0.1:9000",
      { bucket: "recordings", prefix: "", endpoint: "http://127.0.0.1:9000", forcePathStyle: true }
    ],
    [
      "s3://recordings?endpoint=http://minio.lan&allowInsecure=true",
      { bucket: "recordings", prefix: "", endpoint: "http://minio.lan", forcePathStyle: true }
    ]
  ])("%j", (address, options) => {
    expect(placeOf(address, base)).toEqual({ kind: "bucket", options })
  })
})

describe("what is neither", () => {
  it.each([
    ["", "is empty"],
    [" ", "is empty"],
    ["a\0b", "null byte"],
    ["file:", "is empty"],
    ["file:./a%00b", "%"],
    ["file:./a%2fb", "%"],
    ["file:./100%", "%"],
    ["file:./%ff", "UTF-8"],
    ["file:./a?b", "?"],
    ["file://server/share", "host"],
    ["https://example.com/s3cret", "https: is not known"],
    ["azure://s3cret/archive", "azure: is not known"],
    ["gs://s3cret/archive", "gs: is not known"],
    ["ftp://user:s3cret@host/", "ftp: is not known"],
    ["s3:archive", "bucket"],
    ["s3://", "bucket"],
    ["s3://a_", "bucket"],
    ["s3://key:s3cret@recordings/p", "credentials"],
    ["s3://recordings/a//b", "prefix"],
    ["s3://recordings/%2e%2e%2fb", "prefix"],
    ["s3://recordings/a%00b", "prefix"],
    [`s3://recordings/${"a".repeat(101)}`, "prefix"],
    ["s3://recordings#x", "#"],
    ["s3://recordings?secretKey=s3cret", "not known, only region, endpoint"],
    ["s3://recordings?region=a&region=b", "twice"],
    ["s3://recordings?region=eu%20west", "region"],
    ["s3://recordings?forcePathStyle=s3cret", "true nor false"],
    ["s3://recordings?endpoint=minio:9000", "endpoint"],
    ["s3://recordings?endpoint=https://u:s3cret@minio", "more than scheme"],
    ["s3://recordings?endpoint=http://minio.lan", "TLS"],
    ["s3://recordings?endpoint=http://127.0.0.1.example.com", "TLS"],
    ["s3://recordings?endpoint=http://minio.lan&allowInsecure=false", "TLS"]
  ])("%j: says what is wrong, and no secret", (address, says) => {
    const place = placeOf(address, base)
    expect(place).toMatchObject({ kind: "problem", says: expect.stringContaining(says) })
    expect(JSON.stringify(place)).not.toContain("s3cret")
  })

  it("names the parameter that was meant, and the way to Google's storage", () => {
    expect(placeOf("s3://recordings?regoin=a", base)).toMatchObject({ remedy: "did you mean region?" })
    expect(placeOf("gs://recordings", base)).toMatchObject({
      remedy: expect.stringContaining("endpoint=https://storage.googleapis.com")
    })
  })
})
