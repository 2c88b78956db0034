/**
 * What an archive's sidecar must be, as a JSON Schema that allows nothing else: of all that a vCon may be, one recording in
 * one file beside it, and the Recording attached.
 */
const instant = { type: "string", pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$` }
const uuid = { type: "string", pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" }
const index = { type: "integer", minimum: 0, maximum: 2 }

/** An object with these members, of which those that are not named first may be missing. */
const object = (required: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}) => ({
  type: "object",
  additionalProperties: false,
  required: Object.keys(required),
  properties: { ...required, ...optional }
})

/** Exactly one. */
const only = (items: object) => ({ type: "array", minItems: 1, maxItems: 1, items })

const party = object(
  {},
  { tel: { type: "string", minLength: 1 }, name: { type: "string" }, uuid, type: { const: "bot" } }
)

const session = { type: "string", pattern: "^[0-9a-f]{32}$" }

const dialog = object(
  {
    type: { const: "recording" },
    start: instant,
    duration: { type: "number", minimum: 0 },
    parties: { type: "array", minItems: 1, items: { anyOf: [index, { type: "array", minItems: 2, items: index }] } },
    mediatype: { enum: ["audio/mpeg", "audio/wav"] },
    filename: { type: "string", pattern: String.raw`^[A-Za-z0-9._-]+\.(mp3|wav)$` },
    content_hash: { type: "string", pattern: "^sha512-[A-Za-z0-9_-]{86}$" },
    application: { enum: ["virtual-pbx", "ringcentral", "webitel"] }
  },
  { originator: index, session_id: object({ local: session, remote: session }) }
)

const attachment = object({
  purpose: { const: "callreel-recording" },
  start: instant,
  party: { const: 2 },
  dialog: { const: 0 },
  mediatype: { const: "application/json" },
  encoding: { const: "json" },
  body: { type: "object", required: ["source", "provider", "id", "availability"] }
})

export const sidecarSchema = object({
  uuid,
  created_at: instant,
  parties: { type: "array", minItems: 3, maxItems: 3, items: party },
  dialog: only(dialog),
  attachments: only(attachment)
})
