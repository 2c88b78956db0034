import { describe, expect, it } from "vitest"
import { lockedBy, ownerOf, ownerText } from "./lockOwner.ts"

const owner = { host: "archive-1", process: 4711, since: new Date("2026-02-03T04:05:06.789Z") }

describe("who holds an archive", () => {
  it("is read back from its text", () => {
    expect(ownerOf(ownerText(owner))).toStrictEqual(owner)
  })

  it.each([
    "",
    "{",
    "null",
    "[]",
    '"archive-1"',
    '{"host":"archive-1","process":4711}',
    '{"host":"archive-1","process":"4711","since":"2026-02-03T04:05:06Z"}',
    '{"host":"archive-1","process":4711,"since":"yesterday"}'
  ])("is nobody where the text is %j", (text) => {
    expect(ownerOf(text)).toBeUndefined()
  })

  it("is told to whoever comes second", () => {
    expect(lockedBy("/a/ledger.sqlite", owner)).toMatchObject({
      reason: "Locked",
      message:
        "process 4711 on archive-1 writes to the archive with the ledger /a/ledger.sqlite since 2026-02-03T04:05:06.789Z",
      remedy: expect.stringContaining("wait")
    })
  })

  it("need not be known", () => {
    expect(lockedBy("/a/ledger.sqlite", undefined)).toMatchObject({
      reason: "Locked",
      message: "another process writes to the archive with the ledger /a/ledger.sqlite"
    })
  })
})
