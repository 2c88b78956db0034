import fc from "fast-check"
import { relative, sep } from "node:path"
import { describe, expect, it } from "vitest"
import type { StoragePlace } from "./storagePlace.ts"
import { type StoredFile, whereaboutsOf } from "./storedFile.ts"

const folder: StoragePlace = { kind: "folder", path: "/srv/calls" }
const bucket = (prefix: string): StoragePlace => ({
  kind: "bucket",
  bucket: "calls",
  prefix,
  region: undefined,
  endpoint: undefined
})
const places = new Map([
  ["default", folder],
  ["7", bucket("")],
  ["8", bucket("a/b")]
])
const row: StoredFile = { name: "leg_1.mp3", size: "100", mime_type: "audio/mpeg", directory: "1/2026/02" }
const inBucket: StoredFile = { name: "leg_1.mp3", size: "100", profile: "7", location: "1/2026/leg_1.mp3" }

const placeOf = (file: StoredFile): string | undefined => {
  const found = whereaboutsOf(file, places)
  return found && ("path" in found ? found.path : found.key)
}

describe("a file is read where its row says", () => {
  it.each<[string, StoredFile, string]>([
    ["in its folder", row, "/srv/calls/1/2026/02/leg_1.mp3"],
    ["in a folder with a slash at its end", { ...row, directory: "1/2/" }, "/srv/calls/1/2/leg_1.mp3"],
    ["in the profile's own folder", { ...row, directory: "" }, "/srv/calls/leg_1.mp3"],
    ["with dots in its name", { ...row, name: "..a..mp3" }, "/srv/calls/1/2026/02/..a..mp3"],
    ["by its key", inBucket, "1/2026/leg_1.mp3"],
    ["by its key behind the prefix", { ...inBucket, profile: "8" }, "a/b/1/2026/leg_1.mp3"],
    ["of the channel of calls", { ...row, channel: "call" }, "/srv/calls/1/2026/02/leg_1.mp3"],
    [
      "not encrypted, in so many words",
      { ...row, encrypted: "false", malware: "false" },
      "/srv/calls/1/2026/02/leg_1.mp3"
    ]
  ])("%s", (_, file, expected) => {
    expect(placeOf(file)).toBe(expected)
  })
})

describe("a file is left to the server", () => {
  it.each<[string, StoredFile]>([
    ["of a profile that is not configured", { ...row, profile: "9" }],
    ["that is encrypted", { ...row, encrypted: "true" }],
    ["that is encrypted in a way not known here", { ...row, encrypted: '{"key":1}' }],
    ["that was removed", { ...row, removed: "true" }],
    ["that is not there", { ...row, not_exists: "true" }],
    ["that is malware", { ...row, malware: "true" }],
    ["that may be malware", { ...row, malware: "unknown" }],
    ["of another channel", { ...row, channel: "screenrecording" }],
    ["without bytes", { ...row, size: "0" }],
    ["whose size is none", { ...row, size: "many" }],
    ["without a folder", { name: "leg_1.mp3", size: "100" }],
    ["without a key", { name: "leg_1.mp3", size: "100", profile: "7", directory: "1" }],
    ["whose folder leads upwards", { ...row, directory: "../other" }],
    ["whose folder leads upwards later", { ...row, directory: "1/../../other" }],
    ["whose folder is absolute", { ...row, directory: "/etc" }],
    ["whose folder has an end in it", { ...row, directory: "1\0" }],
    ["whose folder has backslashes", { ...row, directory: "1\\..\\.." }],
    ["whose folder has an empty part", { ...row, directory: "1//2" }],
    ["whose name leads upwards", { ...row, name: ".." }],
    ["whose name is a path", { ...row, name: "a/b" }],
    ["whose name is a path upwards", { ...row, name: "../../etc/passwd" }],
    ["whose name is absolute", { ...row, name: "/etc/passwd" }],
    ["whose name is empty", { ...row, name: "" }],
    ["whose name has an end in it", { ...row, name: "a\0.mp3" }],
    ["whose key leads upwards", { ...inBucket, location: "../other/x" }],
    ["whose key is absolute", { ...inBucket, location: "/x" }],
    ["whose key is empty", { ...inBucket, location: "" }]
  ])("%s", (_, file) => {
    expect(placeOf(file)).toBeUndefined()
  })
})

it("whatever stands in a row, nothing outside its place is named", () => {
  const part = fc.oneof(
    fc.constantFrom("..", ".", "", "/", "\\", "\0", "a", "../..", "%2e%2e", "~"),
    fc.string({ maxLength: 4 })
  )
  const text = fc.array(part, { maxLength: 5 }).map((parts) => parts.join("/"))
  fc.assert(
    fc.property(text, text, (directory, name) => {
      const path = placeOf({ ...row, directory, name }) ?? "/srv/calls/none"
      const way = relative("/srv/calls", path)
      expect(way.split(sep)).not.toContain("..")
      expect(way).not.toBe("")
      const key = placeOf({ ...inBucket, profile: "8", location: directory }) ?? "a/b/none"
      expect(key.startsWith("a/b/")).toBe(true)
      expect(key.split("/")).not.toContain("..")
    }),
    { numRuns: 2000 }
  )
})
