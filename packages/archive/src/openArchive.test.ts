import { describe, expect, it } from "@effect/vitest"
import { memorySource } from "@callreel/testkit"
import { Effect, Redacted } from "effect"
import { stat } from "node:fs/promises"
import { join } from "node:path"
import { folderArchive, sync, temporaryFolder } from "./internal/testing/test/sync/archives.ts"
import { minutesAfter, wholeDay, worldOf } from "./internal/testing/test/sync/worlds.ts"
import { openArchive } from "./openArchive.ts"
import { archiveStatus } from "./status.ts"

describe("openArchive", () => {
  it.effect("keeps the ledger of a folder in the folder, for its owner alone", () =>
    Effect.gen(function* () {
      const { folder, ledger } = yield* folderArchive
      const file = join(folder, ".callreel", "ledger.sqlite")
      expect(ledger.name).toBe(file)
      const { mode } = yield* Effect.promise(() => stat(file))
      expect(mode & 0o777).toBe(0o600)
    })
  )

  it.effect.each([
    ["a path", "ledgers/a.sqlite"],
    ["a file address", "file:ledgers/a.sqlite"]
  ] as const)("takes the ledger from %s beside the configuration", ([, ledger]) =>
    Effect.gen(function* () {
      const base = yield* temporaryFolder
      const archive = yield* openArchive({ url: "./archive", base, ledger: Redacted.make(ledger) })
      expect(archive.ledger.name).toBe(join(base, "ledgers", "a.sqlite"))
      expect(archive.destination.folder).toBe(join(base, "archive"))
    })
  )

  it.effect.each([
    ["a bucket without a ledger", { url: "s3://bucket/prefix?region=eu-central-1" }, "archive.ledger: is missing"],
    [
      "a ledger of another kind",
      { url: "./archive", ledger: Redacted.make("mysql://user:secret@host/db") },
      "neither a path"
    ],
    ["an unknown place", { url: "ftp://host/folder" }, "archive.url"]
  ] as const)("refuses %s, without secrets", ([, location, says]) =>
    Effect.gen(function* () {
      const base = yield* temporaryFolder
      const error = yield* Effect.flip(openArchive({ ...location, base }))
      expect(error).toMatchObject({ reason: "InvalidOptions", detail: expect.stringContaining(says) })
      expect(`${error.detail}${error.remedy}`).not.toContain("secret")
    })
  )
})

describe("archiveStatus", () => {
  const retryAt = minutesAfter(60 * 24 * 365 * 10)

  it.effect("counts all sources, or those that are named, and says what comes next", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const waiting = { id: "2", minute: 1, availability: { state: "pending", retryAt } } as const
      const us = memorySource("us", worldOf([{ id: "1" }, waiting]))
      const pbx = memorySource("pbx", worldOf([{ id: "1", source: "pbx" }]))
      const { sources } = yield* sync(archive, [us, pbx], wholeDay)
      const status = yield* archiveStatus(archive)
      expect(status).toMatchObject({
        listed: 3,
        archived: 2,
        pending: 1,
        summary: "3 listed: 2 archived, 0 unavailable, 1 pending, 0 failed"
      })
      expect(status.sources.map(({ archived, nextRetryAt, source }) => [source, archived, nextRetryAt])).toEqual([
        ["pbx", 1, undefined],
        ["us", 1, retryAt]
      ])
      expect(status.sources[1]?.lastProof?.path).toBe(sources[0]?.proof)
      expect(yield* archiveStatus(archive, ["pbx"])).toMatchObject({ listed: 1, archived: 1, pending: 0 })
    })
  )

  it.effect("of an empty archive is nothing", () =>
    Effect.gen(function* () {
      const status = yield* archiveStatus(yield* folderArchive)
      expect(status).toMatchObject({ listed: 0, bytes: 0, sources: [] })
    })
  )
})
