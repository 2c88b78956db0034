import { parseInstant, retryLadder, type Recording } from "@callreel/recording"
import { Ajv } from "ajv"
import { Duration } from "effect"
import * as z from "zod"
import type * as Listing from "../../../packages/ringcentral/src/internal/listing.ts"
import type * as Mapping from "../../../packages/ringcentral/src/internal/map.ts"
import type * as Wire from "../../../packages/ringcentral/src/internal/wire.ts"
import { decoded, isDecoded } from "./decoded.ts"
import { internal } from "./internal.ts"
import { pageRows, ringcentralPage } from "./pages.ts"
import { maybe, maybeArray, maybeObject } from "./schemas.ts"
import type { Vendor } from "./Vendor.ts"

const { stepAfter } = await internal<typeof Listing>("ringcentral/dist/internal/listing.js", "stepAfter")
const { recordingsOfRecords } = await internal<typeof Mapping>(
  "ringcentral/dist/internal/map.js",
  "recordingsOfRecords"
)
const { LogPage } = await internal<typeof Wire>("ringcentral/dist/internal/wire.js", "LogPage")

const isInstant = (text: string): boolean => parseInstant(text) !== undefined

const id = z.union([z.string(), z.number()])
const text = z.string().nullish()
const whole = z.number().nullish()
const flag = z.boolean().nullish()
const party = z
  .looseObject({ phoneNumber: text, extensionNumber: text, extensionId: id.nullish(), name: text })
  .nullish()
const linkedSession = z.looseObject({ telephonySessionId: text }).nullish()

const shared = {
  telephonySessionId: text,
  partyId: text,
  transferTarget: linkedSession,
  transferee: linkedSession,
  from: party,
  to: party,
  extension: z.looseObject({ id: id.nullish(), uri: text }).nullish(),
  direction: text,
  result: text,
  duration: whole,
  durationMs: whole,
  recording: z.looseObject({ id, uri: text, type: text, contentUri: text }).nullish(),
  shortRecording: flag,
  message: z.looseObject({ id, type: text, uri: text }).nullish(),
  finished: flag
}

const Page = z.looseObject({
  records: z.array(
    z.looseObject({
      ...shared,
      id,
      startTime: z.string().refine(isInstant),
      uri: text,
      sessionId: id.nullish(),
      deleted: flag,
      legs: z.array(z.looseObject(shared)).nullish()
    })
  ),
  uri: text,
  navigation: z.looseObject({ nextPage: z.looseObject({ uri: text }).nullish() }).nullish(),
  paging: z.looseObject({ page: whole }).nullish()
})

const idSchema = { type: ["string", "number"] }
const partySchema = maybeObject({
  phoneNumber: maybe("string"),
  extensionNumber: maybe("string"),
  extensionId: maybe("string", "number"),
  name: maybe("string")
})
const sessionSchema = maybeObject({ telephonySessionId: maybe("string") })

const sharedSchemas = {
  telephonySessionId: maybe("string"),
  partyId: maybe("string"),
  transferTarget: sessionSchema,
  transferee: sessionSchema,
  from: partySchema,
  to: partySchema,
  extension: maybeObject({ id: maybe("string", "number"), uri: maybe("string") }),
  direction: maybe("string"),
  result: maybe("string"),
  duration: maybe("number"),
  durationMs: maybe("number"),
  recording: {
    ...maybeObject({ id: idSchema, uri: maybe("string"), type: maybe("string"), contentUri: maybe("string") }),
    required: ["id"]
  },
  shortRecording: maybe("boolean"),
  message: { ...maybeObject({ id: idSchema, type: maybe("string"), uri: maybe("string") }), required: ["id"] },
  finished: maybe("boolean")
}

const pageSchema = {
  type: "object",
  required: ["records"],
  properties: {
    records: {
      type: "array",
      items: {
        type: "object",
        required: ["id", "startTime"],
        properties: {
          ...sharedSchemas,
          id: idSchema,
          startTime: { type: "string", format: "instant" },
          uri: maybe("string"),
          sessionId: maybe("string", "number"),
          deleted: maybe("boolean"),
          legs: maybeArray({ type: "object", properties: sharedSchemas })
        }
      }
    },
    uri: maybe("string"),
    navigation: maybeObject({ nextPage: maybeObject({ uri: maybe("string") }) }),
    paging: maybeObject({ page: maybe("number") })
  }
}

const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-02-15T00:00:00Z") }

const context: Mapping.MapContext = {
  source: "office",
  account: "~",
  region: "RU",
  patience: { ladder: retryLadder, pendingFor: Duration.hours(24) },
  now: new Date("2026-05-01T00:00:00Z"),
  voicemail: false
}

/** What `list` does with an answer: where it goes on, and the recordings of its records. */
const map = (value: unknown): ReadonlyArray<Recording> => {
  const page = decoded(LogPage, value)
  const { kind } = stepAfter(page, { read: new Set(), to: window.to })
  return kind === "page" ? recordingsOfRecords(page.records, context) : []
}

export const ringcentral: Vendor = {
  name: "ringcentral",
  page: ringcentralPage,
  decoders: {
    "io-ts": isDecoded(LogPage),
    zod: (value) => Page.safeParse(value).success,
    ajv: new Ajv({ allowUnionTypes: true, formats: { instant: isInstant } }).compile(pageSchema)
  },
  map,
  breaks: [
    [[], []],
    [["records"], undefined],
    [["records", pageRows - 1, "id"], undefined],
    [["records", pageRows - 1, "startTime"], "2026-02-30T00:00:00Z"],
    [["records", pageRows - 1, "recording"], {}],
    [["records", 0, "legs", 0, "from", "phoneNumber"], 7],
    [["navigation", "nextPage"], "x"]
  ]
}
