import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Entry } from "../../Entry.ts"
import { folderArchive } from "../testing/test/sync/archives.ts"
import { minutesAfter } from "../testing/test/sync/worlds.ts"
import { notObtained } from "./notObtained.ts"

const entry = (source: string, id: number, more: Partial<Entry>): Entry => ({
  source,
  id: `${id}`,
  state: "pending",
  attempts: 0,
  startedAt: minutesAfter(id),
  recording: "{}",
  ...more
})

it.effect("what is not archived is listed with its reason, failed ones first, in the order of calls", () =>
  Effect.gen(function* () {
    const { ledger } = yield* folderArchive
    const retryAt = minutesAfter(100)
    const file = { path: "a", bytes: 1, sha512: "0".repeat(128), mediaType: "audio/mpeg", archivedAt: retryAt }
    const entries = [
      entry("us", 1, { state: "unavailable", reason: "expired" }),
      entry("us", 2, { state: "archived", file }),
      entry("us", 3, { retryAt }),
      entry("us", 4, { state: "failed", reason: "Truncated", attempts: 3, retryAt }),
      entry("us", 5, { state: "erased", erasedFor: "asked" }),
      entry("us", 6, { state: "failed", reason: "Unavailable", attempts: 1 }),
      entry("pbx", 7, { state: "failed", reason: "Unavailable", attempts: 1 }),
      entry("other", 8, { state: "failed", reason: "Unavailable", attempts: 1 })
    ]
    yield* Effect.forEach(entries, ledger.put, { concurrency: "unbounded" })
    expect(yield* notObtained(ledger, [{ source: "us" }, { source: "pbx" }])).toEqual([
      { source: "us", id: "4", state: "failed", reason: "Truncated", attempts: 3, retryAt },
      { source: "us", id: "6", state: "failed", reason: "Unavailable", attempts: 1 },
      { source: "pbx", id: "7", state: "failed", reason: "Unavailable", attempts: 1 },
      { source: "us", id: "3", state: "pending", attempts: 0, retryAt },
      { source: "us", id: "1", state: "unavailable", reason: "expired", attempts: 0 }
    ])
    const window = { source: "us", from: minutesAfter(4), to: minutesAfter(6) }
    expect((yield* notObtained(ledger, [window])).map(({ id }) => id)).toEqual(["4"])
  })
)

it.effect("of very many only ten thousand are, those that failed before all others", () =>
  Effect.gen(function* () {
    const { ledger } = yield* folderArchive
    const many = Array.from({ length: 10_050 }, (_, index) =>
      entry(
        "us",
        index,
        index % 3 === 0 ? { state: "failed", reason: "Truncated" } : { state: "unavailable", reason: "absent" }
      )
    )
    yield* Effect.forEach(many, ledger.put, { concurrency: "unbounded" })
    const found = yield* notObtained(ledger, [{ source: "us" }])
    expect(found).toHaveLength(10_000)
    expect(found.filter(({ state }) => state === "failed")).toHaveLength(3350)
    expect(found[3349]?.state).toBe("failed")
  })
)
