import type { Recording } from "@callreel/recording"
import { Ajv } from "ajv"
import { Duration } from "effect"
import * as z from "zod"
import type * as Listing from "../../../packages/virtual-pbx/src/internal/listing.ts"
import type * as Mapping from "../../../packages/virtual-pbx/src/internal/map.ts"
import type * as Wire from "../../../packages/virtual-pbx/src/internal/wire.ts"
import { decoded, isDecoded } from "./decoded.ts"
import { internal } from "./internal.ts"
import { pageRows, virtualPbxPage } from "./pages.ts"
import { maybe } from "./schemas.ts"
import type { Vendor } from "./Vendor.ts"

const { firstCursor, step } = await internal<typeof Listing>(
  "virtual-pbx/dist/internal/listing.js",
  "firstCursor",
  "step"
)
const { recordingOfRow } = await internal<typeof Mapping>("virtual-pbx/dist/internal/map.js", "recordingOfRow")
const { RecordRows } = await internal<typeof Wire>("virtual-pbx/dist/internal/wire.js", "RecordRows")

const text = z.string().nullish()
const whole = z.number().nullish()

const Rows = z.array(
  z.looseObject({
    init_time_gmt: z.string(),
    record_uuid: z.string(),
    record_file_size: whole,
    file_name: text,
    storage_url: text,
    call_uuid: text,
    client_owner_id: whole,
    start_time_gmt: text,
    hangup_time_gmt: text,
    duration: whole,
    flow: text,
    result: text,
    extension_id: whole,
    extension_name: text,
    extension_type: text,
    from_username: text,
    from_screen_name: text,
    to_username: text,
    dest_number: text,
    did_number: text
  })
)

const rowsSchema = {
  type: "array",
  items: {
    type: "object",
    required: ["init_time_gmt", "record_uuid"],
    properties: {
      init_time_gmt: { type: "string" },
      record_uuid: { type: "string" },
      record_file_size: maybe("number"),
      file_name: maybe("string"),
      storage_url: maybe("string"),
      call_uuid: maybe("string"),
      client_owner_id: maybe("number"),
      start_time_gmt: maybe("string"),
      hangup_time_gmt: maybe("string"),
      duration: maybe("number"),
      flow: maybe("string"),
      result: maybe("string"),
      extension_id: maybe("number"),
      extension_name: maybe("string"),
      extension_type: maybe("string"),
      from_username: maybe("string"),
      from_screen_name: maybe("string"),
      to_username: maybe("string"),
      dest_number: maybe("string"),
      did_number: maybe("string")
    }
  }
}

const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-02-15T00:00:00Z") }

const context: Mapping.MapContext = {
  source: "office",
  account: "1",
  region: "RU",
  pendingFor: Duration.hours(24),
  now: new Date("2026-05-01T00:00:00Z")
}

/** What `list` does with an answer: where it goes on, and the recordings of its rows. */
const map = (value: unknown): ReadonlyArray<Recording> => {
  const result = step(window, firstCursor(window), decoded(RecordRows, value), pageRows)
  return "problem" in result ? [] : result.rows.map((row) => recordingOfRow(row, context))
}

export const virtualPbx: Vendor = {
  name: "virtual-pbx",
  page: virtualPbxPage,
  decoders: {
    "io-ts": isDecoded(RecordRows),
    zod: (value) => Rows.safeParse(value).success,
    ajv: new Ajv({ allowUnionTypes: true }).compile(rowsSchema)
  },
  map,
  breaks: [
    [[], {}],
    [[pageRows - 1], "x"],
    [[pageRows - 1, "record_uuid"], undefined],
    [[pageRows - 1, "init_time_gmt"], null],
    [[0, "duration"], "22"],
    [[pageRows - 1, "did_number"], 7]
  ]
}
