import { type Recording, type RecordingQuery, sameNumber } from "@callreel/recording"
import { generateCalls } from "@callreel/testkit"
import { startWebitel } from "@callreel/testkit/webitel"
import { Effect, Stream } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { make } from "../WebitelSource.ts"

const region = "UA"
const threeYears = { from: new Date("2023-01-01T00:00:00Z"), to: new Date("2026-01-01T00:00:00Z") }
const customer = "+380671234567"
const legOf = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-000000000000`

/** Calls of one customer in three years of others' calls: spelled as each switch did. */
const webitel = await startWebitel({
  seed: "numbers",
  world: generateCalls({ seed: "numbers", ...threeYears, count: 3000 }),
  now: () => new Date("2026-02-01T00:00:00Z"),
  extraRecordings: [
    { callId: legOf("1"), startedAt: new Date("2023-02-03T04:05:06Z"), number: customer, children: 2 },
    { callId: legOf("2"), startedAt: new Date("2024-05-06T07:08:09Z"), number: "0671234567", direction: "outbound" },
    { callId: legOf("3"), parentId: legOf("2"), startedAt: new Date("2024-05-06T07:10:00Z"), number: "+380440000000" },
    { callId: legOf("4"), startedAt: new Date("2025-07-08T09:10:11Z"), number: "067 123-45-67" },
    { callId: legOf("5"), startedAt: new Date("2025-07-09T09:10:11Z"), number: "+380671234568" },
    // The same last digits, and not the same number.
    { callId: legOf("6"), startedAt: new Date("2025-07-10T09:10:11Z"), number: "+380501234567" },
    // Its first leg is made with the same number.
    { callId: legOf("7"), parentId: legOf("8"), startedAt: new Date("2025-07-11T09:10:11Z"), number: customer },
    // The number is a child's alone.
    { callId: legOf("9"), startedAt: new Date("2025-07-12T09:10:11Z"), number: "+380440000000" },
    { callId: legOf("a"), parentId: legOf("9"), startedAt: new Date("2025-07-12T09:10:12Z"), number: customer }
  ]
})
afterAll(() => webitel.close())

const list = (query: Partial<RecordingQuery> = {}, accessToken = webitel.token) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(make({ name: "centre", baseUrl: webitel.baseUrl, accessToken, region }), (source) =>
        Stream.runCollect(source.list({ ...threeYears, ...query }))
      )
    )
  )

const everything = await list()
const costOfEverything = { ...webitel.counts }

const numbersOf = ({ call }: Recording): ReadonlyArray<string> =>
  [call?.from, call?.to].flatMap((party) => [party?.number, party?.e164].filter((number) => number !== undefined))
const has = (number: string) => (recording: Recording) =>
  numbersOf(recording).some((each) => sameNumber(each, number, region))
/** All but the order of legs, and of calls that began in the same millisecond. */
const comparable = (recordings: ReadonlyArray<Recording>) =>
  recordings
    .map(({ call, raw: _, ...recording }) => ({ ...recording, call: { ...call, legIds: call?.legIds?.toSorted() } }))
    .toSorted((left, right) => (left.id < right.id ? -1 : 1))

describe("list by number", () => {
  const some = new Set(everything.flatMap(numbersOf))

  it.each([customer, "0671234567", "(067) 123-45-67", "+380501234567", ...[...some].slice(0, 5), "0541", "anonymous"])(
    "gives for %s what listing everything and filtering gives",
    async (number) => {
      const expected = everything.filter(has(number))
      expect(expected.length).toBeGreaterThan(0)
      expect(comparable(await list({ number }))).toEqual(comparable(expected))
    }
  )

  it("asks far less than listing everything for a customer's calls in three years", async () => {
    const before = { ...webitel.counts }
    const found = await list({ number: customer })
    const requests = webitel.counts.historyRequests - before.historyRequests
    const bytes = webitel.counts.bytesOfHistory - before.bytesOfHistory
    expect(new Set(found.map(({ call }) => call?.id))).toEqual(new Set(["1", "2", "4", "8"].map(legOf)))
    expect(requests).toBeLessThan(100)
    expect(requests).toBeLessThan(costOfEverything.historyRequests / 3)
    expect(bytes).toBeLessThan(costOfEverything.bytesOfHistory / 100)
  })

  it("gives what a token sees whose numbers are hidden", async () => {
    const token = webitel.tokens.withoutNumbers
    const hidden = await list({}, token)
    const masked = "+38********67"
    expect(hidden.filter(has(masked)).length).toBeGreaterThan(1)
    expect(comparable(await list({ number: masked }, token))).toEqual(comparable(hidden.filter(has(masked))))
    expect(await list({ number: customer }, token)).toEqual([])
  })

  it.each([
    ".*",
    ".",
    "^",
    "$",
    "|",
    "(",
    "[",
    "\\",
    "*",
    "+",
    "{1",
    "'); drop table calls;--",
    "\0",
    "\ud800",
    "０６７"
  ])("takes %j for a number that nobody has", async (number) => {
    const window = { from: new Date("2025-07-01T00:00:00Z"), to: new Date("2025-07-15T00:00:00Z") }
    expect(await list({ ...window, number })).toEqual([])
  })
})
