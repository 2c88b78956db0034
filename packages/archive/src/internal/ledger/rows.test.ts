import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type ArchivedFile, type Entry, states } from "../../Entry.ts"
import { sampleArchived, sampleEntry, sampleFile } from "../testing/ledgerSamples.ts"
import { unknownInstant } from "./columns.ts"
import { entryOf, type ReadRow, type Row, rowOf } from "./rows.ts"

const text = fc.string({ unit: "binary" })
const instant = fc.date({ noInvalidDate: true })
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const measured = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 })

const file: fc.Arbitrary<ArchivedFile> = fc.record(
  {
    path: text,
    bytes: count,
    sha512: text,
    mediaType: text,
    archivedAt: instant,
    durationSeconds: measured,
    codec: text,
    channels: count,
    bitrate: measured,
    verifiedAt: instant
  },
  { requiredKeys: ["path", "bytes", "sha512", "mediaType", "archivedAt"], noNullPrototype: true }
)

const entry: fc.Arbitrary<Entry> = fc.record(
  {
    source: text,
    id: text,
    state: fc.constantFrom(...states),
    attempts: count,
    reason: text,
    retryAt: instant,
    startedAt: instant,
    expiresAt: instant,
    recording: text,
    file,
    suspect: text,
    heldFor: text,
    erasedFor: text
  },
  { requiredKeys: ["source", "id", "state", "attempts"], noNullPrototype: true }
)

const textColumns = ["path", "sha512", "codec", "reason", "recording", "suspect"] as const satisfies ReadonlyArray<
  keyof Row
>

/** The row as a database gives its numbers, other than as they were written. */
const givenAs = (number: (value: number) => number | bigint | string, row: Row): ReadRow => ({
  ...row,
  attempts: number(row.attempts),
  retry_at: row.retry_at === null ? null : number(row.retry_at),
  started_at: number(row.started_at),
  expires_at: number(row.expires_at),
  bytes: row.bytes === null ? null : number(row.bytes),
  channels: row.channels === null ? null : number(row.channels),
  archived_at: row.archived_at === null ? null : number(row.archived_at),
  verified_at: row.verified_at === null ? null : number(row.verified_at)
})

describe("a row", () => {
  it.each<[string, (value: number) => number | bigint | string]>([
    ["as it was written", (value) => value],
    ["with large integers of their own type", BigInt],
    ["with large integers as text", String]
  ])("gives its entry back: %s", (_, number) => {
    fc.assert(
      fc.property(entry, (before) => {
        expect(entryOf(givenAs(number, rowOf(before)))).toStrictEqual(before)
      })
    )
  })

  it("has an empty column for what an entry does not have, and the last instant for an unknown one", () => {
    const row = rowOf({ source: "us", id: "1", state: "pending", attempts: 0 })
    const { attempts, expires_at, id, source, started_at, state, ...rest } = row
    expect({ attempts, expires_at, id, source, started_at, state }).toStrictEqual({
      attempts: 0,
      expires_at: unknownInstant,
      id: "1",
      source: "us",
      started_at: unknownInstant,
      state: "pending"
    })
    expect(new Set(Object.values(rest))).toStrictEqual(new Set([null]))
  })

  it("of every entry has the same columns in the same order, as one statement writes many", () => {
    expect(Object.keys(rowOf(sampleArchived(1)))).toStrictEqual(Object.keys(rowOf(sampleEntry(2))))
  })

  it("holds text that no database refuses, wherever it comes from", () => {
    const nul = "a\0b"
    const row = rowOf({
      ...sampleArchived(1, { recording: nul, reason: nul, suspect: nul }),
      file: sampleFile(1, { path: nul, sha512: nul, codec: nul })
    })
    expect(textColumns.map((column) => row[column])).toStrictEqual(textColumns.map(() => "a\u001a0000b"))
  })
})
