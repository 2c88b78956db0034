import { startWebitel } from "@callreel/testkit/webitel"
import { make } from "@callreel/webitel"
import { Effect, Stream } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { settingsOf } from "./webitelExpectations.ts"

const webitel = await startWebitel({ seed: "variables" })
afterAll(() => webitel.close())

const window = { from: new Date("2025-12-01T00:00:00Z"), to: new Date("2026-07-01T00:00:00Z") }
const list = (variables?: Record<string, string>) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(make({ ...settingsOf(webitel), ...(variables && { variables }) }), (source) =>
        Stream.runCollect(source.list(window))
      )
    )
  )

describe("the option variables", () => {
  it("lists the calls that have exactly these values", async () => {
    const all = await list()
    const [[key, value] = ["", ""]] = all.flatMap(({ call }) => Object.entries(call?.variables ?? {}))
    const wanted = all.filter(({ call }) => call?.variables?.[key] === value).map(({ id }) => id)
    expect(wanted.length).toBeGreaterThan(0)
    expect(wanted.length).toBeLessThan(all.length)
    expect((await list({ [key]: value })).map(({ id }) => id).toSorted()).toEqual(wanted.toSorted())
  })

  it.each([".*", "' or '1'='1", '{"a":1}', "%", ""])("takes the value %j for what it is", async (value) => {
    expect(await list({ Company: value, constructor: value })).toEqual([])
    expect(webitel.counts.rawSorts).toBe(0)
  })
})
