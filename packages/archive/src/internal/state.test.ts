import {
  type Availability,
  Forbidden,
  Gone,
  InvalidOptions,
  InvalidQuery,
  InvalidResponse,
  NotFound,
  Pending,
  RateLimited,
  type Reason,
  Truncated,
  Unauthorized,
  Unavailable,
  Unsupported
} from "@callreel/recording"
import { Duration } from "effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { ArchivedFile, Entry, State } from "../Entry.ts"
import { erased, type Found, isSettled, listed, lost, type Outcome, outcomeOf, tried } from "./state.ts"

const key = { source: "us", id: "1" }
const startedAt = new Date("2026-01-01T00:00:00Z")
const expiresAt = new Date("2026-06-01T00:00:00Z")
const earlier = new Date("2026-02-01T00:00:00Z")
const now = new Date("2026-03-01T00:00:00Z")
const later = new Date("2026-03-01T01:00:00Z")
const file: ArchivedFile = {
  path: "us/2026/01/01/1.mp3",
  bytes: 10,
  sha512: "ab",
  mediaType: "audio/mpeg",
  archivedAt: earlier
}

const known = { ...key, startedAt, recording: "old", attempts: 2, heldFor: "court" }
const entries: Readonly<Record<State, Entry>> = {
  archived: { ...known, state: "archived", file, suspect: "shorter" },
  pending: { ...known, state: "pending", retryAt: later, reason: "Pending" },
  unavailable: { ...known, state: "unavailable", reason: "absent" },
  failed: { ...known, state: "failed", reason: "Truncated", retryAt: earlier },
  erased: { ...key, startedAt, attempts: 2, state: "erased", erasedFor: "asked to" }
}

const found = (availability: Availability, recording = "new"): Found => ({
  ...key,
  startedAt,
  expiresAt,
  availability,
  recording
})
const available = found({ state: "available" })
const notReady = found({ state: "pending", retryAt: later })
const gone = found({ state: "unavailable", reason: "expired" })
/** What a listing leaves of an entry, beside its state. */
const renewed = { ...known, expiresAt, recording: "new" }
const { heldFor: _, ...asListed } = renewed
const settled = { archived: "same", erased: "same" } as const

type Event = (before: Entry) => Entry
type Expected = Readonly<Record<State, Entry | "same">>

const events: Readonly<Record<string, readonly [Event, Expected]>> = {
  "listed as it was": [
    (before) => listed(before, found({ state: "available" }, "old"), now),
    { ...settled, pending: "same", unavailable: "same", failed: "same" }
  ],
  "listed as available": [
    (before) => listed(before, available, now),
    {
      ...settled,
      pending: { ...renewed, state: "pending", retryAt: now },
      unavailable: { ...renewed, attempts: 0, state: "pending", retryAt: now },
      failed: { ...renewed, state: "failed", reason: "Truncated", retryAt: earlier }
    }
  ],
  "listed as not ready": [
    (before) => listed(before, notReady, now),
    {
      ...settled,
      pending: { ...renewed, state: "pending", retryAt: later, reason: "Pending" },
      unavailable: { ...renewed, attempts: 0, state: "pending", retryAt: later },
      failed: { ...renewed, state: "failed", reason: "Truncated", retryAt: earlier }
    }
  ],
  "listed as unavailable": [
    (before) => listed(before, gone, now),
    {
      ...settled,
      pending: { ...renewed, state: "unavailable", reason: "expired" },
      unavailable: { ...renewed, state: "unavailable", reason: "expired" },
      failed: { ...renewed, state: "unavailable", reason: "expired" }
    }
  ],
  "tried and archived": [
    (before) => tried(before, { outcome: "archived", file }),
    {
      ...settled,
      pending: { ...known, state: "archived", file },
      unavailable: { ...known, state: "archived", file },
      failed: { ...known, state: "archived", file }
    }
  ],
  "tried and archived, but not as it was reported": [
    (before) => tried(before, { outcome: "archived", file, suspect: "half as long" }),
    {
      ...settled,
      pending: { ...known, state: "archived", file, suspect: "half as long" },
      unavailable: { ...known, state: "archived", file, suspect: "half as long" },
      failed: { ...known, state: "archived", file, suspect: "half as long" }
    }
  ],
  "tried and unavailable": [
    (before) => tried(before, { outcome: "unavailable", why: "forbidden" }),
    {
      ...settled,
      pending: { ...known, state: "unavailable", reason: "forbidden" },
      unavailable: { ...known, state: "unavailable", reason: "forbidden" },
      failed: { ...known, state: "unavailable", reason: "forbidden" }
    }
  ],
  "tried and put off": [
    (before) => tried(before, { outcome: "pending", retryAt: later, reason: "RateLimited" }),
    {
      ...settled,
      pending: { ...known, state: "pending", retryAt: later, reason: "RateLimited" },
      unavailable: { ...known, state: "pending", retryAt: later, reason: "RateLimited" },
      failed: { ...known, state: "pending", retryAt: later, reason: "RateLimited" }
    }
  ],
  "tried and failed": [
    (before) => tried(before, { outcome: "failed", at: now, reason: "Unavailable" }),
    {
      ...settled,
      pending: { ...known, attempts: 3, state: "failed", reason: "Unavailable", retryAt: now },
      unavailable: { ...known, attempts: 3, state: "failed", reason: "Unavailable", retryAt: now },
      failed: { ...known, attempts: 3, state: "failed", reason: "Unavailable", retryAt: now }
    }
  ],
  lost: [
    (before) => lost(before, now),
    {
      archived: { ...known, state: "pending", retryAt: now, reason: "lost" },
      pending: "same",
      unavailable: "same",
      failed: "same",
      erased: "same"
    }
  ],
  erased: [
    (before) => erased(before, "asked to"),
    {
      archived: entries.erased,
      pending: entries.erased,
      unavailable: entries.erased,
      failed: entries.erased,
      erased: "same"
    }
  ]
}

describe("an entry", () => {
  it.each(
    Object.entries(events).flatMap(([name, [event, expected]]) =>
      Object.values(entries).map((before) => ({ name, event, before, after: expected[before.state] }))
    )
  )("that is $before.state, then $name", ({ after, before, event }) => {
    const entry = event(before)
    expect(entry).toStrictEqual(after === "same" ? before : after)
    // What did not change is not written again.
    expect(entry === before).toBe(after === "same")
  })

  it.each<[string, Found, object]>([
    ["available", available, { state: "pending", retryAt: now }],
    ["not ready", notReady, { state: "pending", retryAt: later }],
    ["unavailable", gone, { state: "unavailable", reason: "expired" }]
  ])("that is new and %s", (_, first, state) => {
    expect(listed(undefined, first, now)).toStrictEqual({ ...asListed, attempts: 0, ...state })
  })

  it("keeps the expiry it was listed with when a later listing does not tell one", () => {
    const { expiresAt: _, ...silent } = available
    expect(listed({ ...entries.pending, expiresAt }, silent, now)).toMatchObject({ expiresAt, recording: "new" })
  })
})

describe("the reason of a source", () => {
  it.each<[Reason, Outcome | undefined]>([
    [new Gone({ why: "too-short", detail: "" }), { outcome: "unavailable", why: "too-short" }],
    [new Gone({ why: "expired", detail: "" }), { outcome: "unavailable", why: "expired" }],
    [new NotFound({ what: "" }), { outcome: "unavailable", why: "absent" }],
    [new Forbidden({ detail: "" }), { outcome: "unavailable", why: "forbidden" }],
    [new Pending({ retryAt: later, detail: "" }), { outcome: "pending", retryAt: later, reason: "Pending" }],
    [new RateLimited({ retryAfter: Duration.hours(1) }), { outcome: "pending", retryAt: later, reason: "RateLimited" }],
    [new Unavailable({ detail: "" }), { outcome: "failed", at: now, reason: "Unavailable" }],
    [new Truncated({ expected: 2, received: 1 }), { outcome: "failed", at: now, reason: "Truncated" }],
    [new InvalidResponse({ path: "", detail: "" }), { outcome: "failed", at: now, reason: "InvalidResponse" }],
    [new InvalidQuery({ field: "", detail: "" }), { outcome: "failed", at: now, reason: "InvalidQuery" }],
    [new Unsupported({ capability: "" }), { outcome: "failed", at: now, reason: "Unsupported" }],
    [new InvalidOptions({ option: "", detail: "" }), { outcome: "failed", at: now, reason: "InvalidOptions" }],
    [new Unauthorized({ detail: "" }), undefined]
  ])("%s", (reason, outcome) => {
    expect(outcomeOf(reason, now)).toStrictEqual(outcome)
  })
})

/** One thing that can happen to an entry, by name. */
type Happening =
  | { readonly event: "listed"; readonly found: Found }
  | { readonly event: "tried"; readonly outcome: Outcome }
  | { readonly event: "lost" | "erased" }

const instant = fc.date({ noInvalidDate: true, min: startedAt, max: expiresAt })
const availability: fc.Arbitrary<Availability> = fc.oneof(
  fc.constant({ state: "available" as const }),
  fc.record({ state: fc.constant("pending" as const), retryAt: instant }),
  fc.record({
    state: fc.constant("unavailable" as const),
    reason: fc.constantFrom("too-short" as const, "expired" as const, "deleted" as const, "absent" as const)
  })
)
const recording = fc.constantFrom("one", "two", "three")
const listing: fc.Arbitrary<Found> = fc.oneof(
  fc.record({ availability, recording }).map((facts): Found => ({ ...key, startedAt, ...facts })),
  fc.record({ availability, recording, expiresAt: instant }).map((facts): Found => ({ ...key, startedAt, ...facts }))
)
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant({ outcome: "archived" as const, file }),
  fc.constant({ outcome: "archived" as const, file, suspect: "shorter" }),
  fc.record({
    outcome: fc.constant("unavailable" as const),
    why: fc.constantFrom("deleted" as const, "forbidden" as const)
  }),
  fc.record({
    outcome: fc.constant("pending" as const),
    retryAt: instant,
    reason: fc.constantFrom("Pending", "RateLimited")
  }),
  fc.record({ outcome: fc.constant("failed" as const), at: instant, reason: fc.constant("Truncated") })
)
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ event: fc.constant("listed" as const), found: listing }) },
  { weight: 5, arbitrary: fc.record({ event: fc.constant("tried" as const), outcome }) },
  { weight: 3, arbitrary: fc.constant({ event: "lost" as const }) },
  { weight: 1, arbitrary: fc.constant({ event: "erased" as const }) }
)

const after = (before: Entry, happened: Happening): Entry => {
  switch (happened.event) {
    case "listed":
      return listed(before, happened.found, now)
    case "tried":
      return tried(before, happened.outcome)
    case "lost":
      return lost(before, now)
    case "erased":
      return erased(before, "asked to")
  }
}

describe("no path loses a recording", () => {
  const everyStep = (check: (before: Entry, happened: Happening, entry: Entry) => void): void =>
    fc.assert(
      fc.property(listing, fc.array(happening, { maxLength: 30 }), (first, happened) => {
        let entry = listed(undefined, first, now)
        for (const one of happened) {
          const next = after(entry, one)
          check(entry, one, next)
          entry = next
        }
      }),
      { numRuns: 500 }
    )

  it("as its key and the beginning of its call stay", () => {
    everyStep((_before, _happened, entry) => {
      expect(entry).toMatchObject({ ...key, startedAt })
    })
  })

  it("as archived means to have a file, and only loss and erasure end it", () => {
    everyStep((before, { event }, entry) => {
      expect(entry.file !== undefined).toBe(entry.state === "archived")
      const ended = before.state === "archived" && entry.state !== "archived"
      expect(ended).toBe(before.state === "archived" && (event === "lost" || event === "erased"))
    })
  })

  it("as a tombstone is final and has nothing personal", () => {
    everyStep((before, { event }, entry) => {
      expect(entry.state === "erased").toBe(before.state === "erased" || event === "erased")
      const tombstone = { ...key, startedAt, attempts: entry.attempts, state: "erased", erasedFor: "asked to" }
      expect(entry.state === "erased" ? entry : tombstone).toStrictEqual(tombstone)
      expect(entry.state === "erased" || entry.recording !== undefined).toBe(true)
    })
  })

  it("as pending ones have an instant, failed ones that and a reason, unavailable ones a reason", () => {
    everyStep((_before, _happened, { reason, retryAt, state }) => {
      expect(retryAt !== undefined).toBe(state === "pending" || state === "failed")
      const hasReason = reason !== undefined
      expect(hasReason || !(state === "unavailable" || state === "failed")).toBe(true)
      expect(hasReason && isSettled(state)).toBe(false)
    })
  })

  it("as tries are added up, but for a recording that is unavailable no longer", () => {
    everyStep((before, { event }, entry) => {
      const isBack = event === "listed" && before.state === "unavailable" && entry.state !== "unavailable"
      const hasFailed = event === "tried" && entry !== before && entry.state === "failed"
      expect(entry.attempts).toBe(isBack ? 0 : before.attempts + (hasFailed ? 1 : 0))
    })
  })
})
