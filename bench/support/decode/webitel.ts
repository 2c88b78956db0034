import type { Recording } from "@callreel/recording"
import { Ajv } from "ajv"
import { Duration } from "effect"
import * as z from "zod"
import type * as History from "../../../packages/webitel/src/internal/history.ts"
import type * as Mapping from "../../../packages/webitel/src/internal/map.ts"
import type * as Ownership from "../../../packages/webitel/src/internal/ownership.ts"
import type * as Wire from "../../../packages/webitel/src/internal/wire.ts"
import { decoded, isDecoded } from "./decoded.ts"
import { internal } from "./internal.ts"
import { pageRows, webitelPage } from "./pages.ts"
import { maybe, maybeArray, maybeObject } from "./schemas.ts"
import type { Vendor } from "./Vendor.ts"

const { uniqueRows } = await internal<typeof History>("webitel/dist/internal/history.js", "uniqueRows")
const { recordingOfFile } = await internal<typeof Mapping>("webitel/dist/internal/map.js", "recordingOfFile")
const { missingLegs, ownedFiles } = await internal<typeof Ownership>(
  "webitel/dist/internal/ownership.js",
  "missingLegs",
  "ownedFiles"
)
const { HistoryPage } = await internal<typeof Wire>("webitel/dist/internal/wire.js", "HistoryPage")

const text = z.string().nullish()
const whole = z.union([z.number(), z.string()]).nullish()
const flag = z.boolean().nullish()
const lookup = z.looseObject({ id: whole, name: text }).nullish()
const endpoint = z.looseObject({ type: text, number: text, id: whole, name: text }).nullish()

const Page = z.looseObject({
  next: flag,
  items: z
    .array(
      z.looseObject({
        id: z.string(),
        parent_id: text,
        bridged_id: text,
        direction: text,
        destination: text,
        from: endpoint,
        to: endpoint,
        extension: text,
        user: lookup,
        queue: lookup,
        created_at: whole,
        answered_at: whole,
        bridged_at: whole,
        hangup_at: whole,
        stored_at: whole,
        cause: text,
        talk_sec: whole,
        tags: z.array(z.string()).nullish(),
        variables: z.record(z.string(), z.unknown()).nullish(),
        files: z
          .array(
            z.looseObject({
              id: z.union([z.string(), z.number()]),
              name: text,
              size: whole,
              mime_type: text,
              start_at: whole,
              stop_at: whole,
              start_record: text,
              channel: text,
              type: text,
              uploading: flag
            })
          )
          .nullish(),
        transcripts: z.array(z.looseObject({ id: whole, locale: text, file_id: whole, file: lookup })).nullish()
      })
    )
    .nullish()
})

const wholeSchema = maybe("number", "string")
const lookupSchema = maybeObject({ id: wholeSchema, name: maybe("string") })
const endpointSchema = maybeObject({
  type: maybe("string"),
  number: maybe("string"),
  id: wholeSchema,
  name: maybe("string")
})

const fileSchema = {
  type: "object",
  required: ["id"],
  properties: {
    id: { type: ["string", "number"] },
    name: maybe("string"),
    size: wholeSchema,
    mime_type: maybe("string"),
    start_at: wholeSchema,
    stop_at: wholeSchema,
    start_record: maybe("string"),
    channel: maybe("string"),
    type: maybe("string"),
    uploading: maybe("boolean")
  }
}

const transcriptSchema = {
  type: "object",
  properties: { id: wholeSchema, locale: maybe("string"), file_id: wholeSchema, file: lookupSchema }
}

const pageSchema = {
  type: "object",
  properties: {
    next: maybe("boolean"),
    items: maybeArray({
      type: "object",
      required: ["id"],
      properties: {
        id: { type: "string" },
        parent_id: maybe("string"),
        bridged_id: maybe("string"),
        direction: maybe("string"),
        destination: maybe("string"),
        from: endpointSchema,
        to: endpointSchema,
        extension: maybe("string"),
        user: lookupSchema,
        queue: lookupSchema,
        created_at: wholeSchema,
        answered_at: wholeSchema,
        bridged_at: wholeSchema,
        hangup_at: wholeSchema,
        stored_at: wholeSchema,
        cause: maybe("string"),
        talk_sec: wholeSchema,
        tags: maybeArray({ type: "string" }),
        variables: maybe("object"),
        files: maybeArray(fileSchema),
        transcripts: maybeArray(transcriptSchema)
      }
    })
  }
}

const context: Mapping.MapContext = {
  source: "office",
  account: "1",
  region: "UA",
  pendingFor: Duration.hours(24),
  now: new Date("2026-05-01T00:00:00Z")
}

/** What `list` does with an answer: the legs that it lacks, whose file each one is, and the recordings of the files. */
const map = (value: unknown): ReadonlyArray<Recording> => {
  const rows = uniqueRows(decoded(HistoryPage, value).items ?? [])
  const legs = new Map(rows.map((row) => [row.id, row]))
  missingLegs(rows, legs)
  return ownedFiles(rows, legs).map((owned) => recordingOfFile(owned, context))
}

export const webitel: Vendor = {
  name: "webitel",
  page: webitelPage,
  decoders: {
    "io-ts": isDecoded(HistoryPage),
    zod: (value) => Page.safeParse(value).success,
    ajv: new Ajv({ allowUnionTypes: true }).compile(pageSchema)
  },
  map,
  breaks: [
    [[], "x"],
    [["items"], {}],
    [["items", pageRows - 1, "id"], undefined],
    [["items", pageRows - 1, "from", "number"], 7],
    [["items", pageRows - 1, "tags"], [7]],
    [["items", pageRows - 1, "files"], [{ name: "x" }]],
    [["items", 0, "variables"], "x"]
  ]
}
