import { Effect, Redacted } from "effect"
import { describe, expect, it } from "vitest"
import type { WebitelOptions } from "../WebitelOptions.ts"
import { mayReadFiles, placesOf } from "./storedFiles.ts"
import type { UserInfo } from "./wire.ts"

const plays = [{ id: "playback_record_file" }]
const recordFile = { class: "record_file", access: "r", rbac: false }

describe("who may read files without asking the server for each", () => {
  it.each<[string, UserInfo, boolean]>([
    ["plays, and has the class", { permissions: plays, scope: [recordFile] }, true],
    ["plays, and tells no classes", { permissions: plays }, true],
    ["plays without the class", { permissions: plays, scope: [{ class: "calls", access: "r" }] }, false],
    ["plays by record", { permissions: plays, scope: [{ ...recordFile, rbac: true }] }, false],
    ["sees records only", { scope: [{ ...recordFile, rbac: true }] }, false],
    ["plays for some days", { permissions: [{ id: "time_limited_record_file" }], scope: [recordFile] }, false],
    ["plays nothing", { scope: [recordFile] }, false],
    ["is nobody", {}, false]
  ])("a user who %s", (_, user, expected) => {
    expect(mayReadFiles(user)).toBe(expected)
  })
})

describe("the option files", () => {
  const options = (more: Partial<WebitelOptions>): WebitelOptions => ({
    baseUrl: "https://webitel.example",
    accessToken: Redacted.make("token"),
    ...more
  })
  const database = { url: Redacted.make("postgres://a:b@c/d") }

  it("is a place for each profile", async () => {
    const files = { default: "file:///srv/calls", "7": "s3://calls/a" }
    const places = await Effect.runPromise(placesOf(options({ database, files })))
    expect([...places].map(([profile, { kind }]) => [profile, kind])).toEqual([
      ["7", "bucket"],
      ["default", "folder"]
    ])
    expect((await Effect.runPromise(placesOf(options({})))).size).toBe(0)
  })

  it.each<[string, Partial<WebitelOptions>, string]>([
    ["without a database", { files: { default: "file:///srv" } }, "files"],
    ["with a key that is no profile", { database, files: { main: "file:///srv" } }, "files.main"],
    ["with a place that is none", { database, files: { "7": "/srv" } }, "files.7"]
  ])("is refused %s", async (_, more, option) => {
    const reason = await Effect.runPromise(Effect.flip(placesOf(options(more))))
    expect(reason).toMatchObject({ _tag: "InvalidOptions", option })
  })
})
