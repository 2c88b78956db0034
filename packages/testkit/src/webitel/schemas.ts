/**
 * JSON Schemas (draft 2020-12) of what the simulator answers: the keys that may be there, their types, the known words.
 * What is not set may be its zero, `""` or null, and every key may be absent.
 */
import type { JsonObject } from "./Json.ts"
import { defaultFields, otherFields } from "./historyFields.ts"

// 64-bit integers: text of digits, or numbers where the option says so.
const int64: JsonObject = { type: ["string", "integer", "null"], pattern: "^\\d*$" }
const seconds: JsonObject = { type: ["integer", "null"], minimum: 0 }
const text: JsonObject = { type: ["string", "null"] }
const flag: JsonObject = { type: ["boolean", "null"] }
const uuid: JsonObject = {
  type: ["string", "null"],
  pattern: "^([\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12})?$"
}
const words = (...values: ReadonlyArray<string>): JsonObject => ({ enum: [...values, "", null] })
const listOf = (items: JsonObject): JsonObject => ({ type: ["array", "null"], items })

/** Nothing but these keys; those that are required are set. */
const message = (properties: JsonObject, required: ReadonlyArray<string> = []): JsonObject => ({
  type: ["object", "null"],
  properties,
  required,
  additionalProperties: false
})

const lookup = message({ id: int64, name: text }, ["id"])
const endpoint = message({ type: words("dest", "user"), number: text, id: text, name: text }, ["number"])

/** A file of a row. */
export const fileSchema: JsonObject = message(
  {
    id: int64,
    name: text,
    size: int64,
    mime_type: words("audio/mp3", "audio/mpeg", "audio/wav", "video/mp4", "image/png", "application/pdf"),
    start_at: int64,
    stop_at: int64,
    start_record: words("client", "operator"),
    channel: words("call", "screenrecording"),
    type: words(
      "file_type_audio",
      "file_type_video",
      "file_type_screensharing",
      "file_type_screenshot",
      "file_type_pdf",
      "file_type_empty"
    )
  },
  ["id", "name", "size", "mime_type", "stop_at"]
)

const rowFields: JsonObject = {
  id: uuid,
  parent_id: uuid,
  bridged_id: uuid,
  transfer_from: uuid,
  transfer_to: uuid,
  app_id: text,
  direction: words("inbound", "outbound", "internal"),
  destination: text,
  destination_name: text,
  from: endpoint,
  to: endpoint,
  from_number: text,
  to_number: text,
  extension: text,
  display: text,
  user: lookup,
  gateway: lookup,
  queue: lookup,
  team: lookup,
  agent: lookup,
  member: lookup,
  contact: lookup,
  grantee: lookup,
  schemas: listOf(lookup),
  created_at: int64,
  answered_at: int64,
  bridged_at: int64,
  hangup_at: int64,
  stored_at: int64,
  joined_at: int64,
  leaving_at: int64,
  reporting_at: int64,
  queue_bridged_at: int64,
  duration: seconds,
  hold_sec: seconds,
  wait_sec: seconds,
  bill_sec: seconds,
  talk_sec: seconds,
  sip_code: seconds,
  queue_wait_sec: seconds,
  queue_duration_sec: seconds,
  reporting_sec: seconds,
  cause: text,
  hangup_by: words("A", "B"),
  hangup_disposition: words("not_answered", "cancelled", "ended", "agent_dropped", "client_dropped", "error"),
  hangup_phrase: text,
  result: text,
  amd_result: text,
  agent_description: text,
  rate_id: int64,
  attempt_id: int64,
  allow_evaluation: flag,
  has_children: flag,
  variables: { type: ["object", "null"], additionalProperties: { type: "string" } },
  tags: listOf({ type: "string" }),
  files: listOf(fileSchema),
  files_job: listOf({ type: "object" }),
  annotations: listOf({ type: "object" }),
  transcripts: listOf(message({ id: int64, locale: text, file_id: int64, file: lookup }, ["id", "file_id"])),
  hold: listOf(message({ start: int64, stop: int64, sec: { type: ["number", "null"] } }, ["start", "stop"])),
  blind_transfer: text,
  blind_transfers: listOf(message({ number: text, time: int64, user: lookup }, ["number", "time"]))
}

/** A row with all of its fields. */
export const rowSchema: JsonObject = message(rowFields, [
  "id",
  "direction",
  "created_at",
  "hangup_at",
  "stored_at",
  "from"
])

/** The fields that the schema of a row lacks: there must be none. */
export const missingFields: ReadonlyArray<string> = [...defaultFields, ...otherFields].filter(
  (name) => !(name in rowFields)
)

const page = (items: JsonObject): JsonObject => message({ next: flag, items: listOf(items) })

/** A page of the history. */
export const historySchema: JsonObject = page(rowSchema)

/** A page of phrases. */
export const phrasesSchema: JsonObject = page(
  message(
    {
      start_sec: { type: "number" },
      end_sec: { type: "number" },
      channel: { enum: [0, 1] },
      phrase: { type: "string", minLength: 1 }
    },
    ["start_sec", "end_sec", "channel", "phrase"]
  )
)

/** A page of queues. */
export const queuesSchema: JsonObject = page(
  message(
    {
      id: int64,
      domain_id: int64,
      created_at: int64,
      updated_at: int64,
      name: text,
      description: text,
      strategy: text,
      enabled: flag,
      type: { type: ["integer", "null"], minimum: 0, maximum: 10 },
      priority: seconds,
      timeout: seconds,
      sticky_agent: flag,
      count: seconds,
      waiting: seconds,
      active: seconds,
      team: lookup,
      schema: lookup,
      tags: listOf(message({ name: text }))
    },
    ["id", "name", "type"]
  )
)

/** `GET /api/userinfo`. */
export const userinfoSchema: JsonObject = message(
  {
    dc: int64,
    domain: text,
    user_id: int64,
    username: text,
    name: text,
    extension: text,
    scope: listOf(
      message({ id: int64, class: text, name: text, obac: flag, abac: flag, rbac: flag, access: text }, [
        "class",
        "access"
      ])
    ),
    permissions: listOf(message({ id: text, name: text, usage: text }, ["id"])),
    roles: listOf({ type: "object" }),
    license: listOf({ type: "object" }),
    updated_at: int64,
    expires_at: int64
  },
  ["dc", "domain", "scope", "permissions"]
)

/** An error of either service. */
export const errorSchema: JsonObject = {
  type: "object",
  properties: {
    id: { type: "string", minLength: 1 },
    status: { type: "string", minLength: 1 },
    detail: { type: "string" },
    request_id: { type: "string", minLength: 1 },
    code: { enum: [400, 401, 403, 404, 500] }
  },
  required: ["id", "status", "detail", "request_id", "code"],
  additionalProperties: false
}
