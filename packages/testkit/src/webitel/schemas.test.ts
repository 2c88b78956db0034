import { Ajv2020 } from "ajv/dist/2020.js"
import { afterEach, describe, expect, it } from "vitest"
import { defaultFields, otherFields } from "./historyFields.ts"
import type { JsonObject } from "./Json.ts"
import * as schemas from "./schemas.ts"
import { everyRow, makeSimulators, request } from "./tryClient.ts"
import type { UnsetStyle, WebitelVersion } from "./Webitel.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true })

// What a value lacks or has too much of by a schema, with where.
const problems = (schema: JsonObject, value: unknown): ReadonlyArray<string> => {
  const validate = ajv.compile(schema)
  if (validate(value)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

const styles: ReadonlyArray<readonly [UnsetStyle, "string" | "number"]> = [
  ["zero-string", "string"],
  ["absent", "string"],
  ["null", "number"],
  ["empty-string", "number"],
  ["mixed", "string"]
]

const versions: ReadonlyArray<WebitelVersion> = ["22.12", "23.12", "25.08", "25.10", "25.12", "26.04"]

describe("answers of the history", () => {
  it.each(styles)("fit where what is not set is %s and long integers are a %s", async (unset, int64) => {
    const webitel = await start({ unset, int64 })
    const everything = `created_at.from=0&size=1000${[...defaultFields, ...otherFields].map((name) => `&fields=${name}`).join("")}`
    const page: unknown = await (await request(webitel, `/api/calls/history?${everything}`)).json()
    expect(problems(schemas.historySchema, page)).toEqual([])
  })

  it.each(versions)("of release %s fit, by default fields", async (version) => {
    const webitel = await start({ version })
    const rows = await everyRow(webitel, { created_at: { from: 0 }, size: 1000 })
    expect(rows.length).toBeGreaterThan(500)
    expect(problems({ type: "array", items: schemas.rowSchema }, rows)).toEqual([])
  })

  it("have no field that the schema does not know", () => {
    expect(schemas.missingFields).toEqual([])
    expect(problems(schemas.rowSchema, { id: "x", nonsense: 1 })).toContain(" must NOT have additional properties")
  })
})

it("the truth's rows fit too", async () => {
  const webitel = await start()
  const rows = webitel.truth.map(({ row }) => row)
  expect(problems({ type: "array", items: schemas.rowSchema }, rows)).toEqual([])
})

it.each([
  ["/api/userinfo", schemas.userinfoSchema],
  ["/api/call_center/queues", schemas.queuesSchema],
  ["/api/calls/history", schemas.errorSchema],
  ["/api/storage/recordings/x/stream", schemas.errorSchema],
  ["/api/storage/file", schemas.errorSchema],
  ["/api/nothing", schemas.errorSchema]
])("the answer at %s fits", async (path, schema) => {
  const webitel = await start()
  expect(problems(schema, await (await request(webitel, path)).json())).toEqual([])
})

it("phrases fit", async () => {
  const webitel = await start({ unset: "absent" })
  const [row] = await everyRow(webitel, {
    created_at: { from: 0 },
    has_transcript: true,
    fields: ["transcripts"],
    size: 1
  })
  const [transcript] = (row?.["transcripts"] ?? []) as ReadonlyArray<{ id: string }>
  const answer: unknown = await (
    await request(webitel, `/api/storage/transcript_file/${transcript?.id}/phrases`)
  ).json()
  expect(problems(schemas.phrasesSchema, answer)).toEqual([])
  expect(JSON.stringify(answer)).toContain("phrase")
})
