/** What callreel writes of the draft, as a JSON Schema that allows nothing else. */
const index = { type: "integer", minimum: 0 }
const date = { type: "string", format: "date-time" }
const text = { type: "string" }
const uuid8 = { type: "string", pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" }
const sessionHalf = { type: "string", pattern: "^[0-9a-f]{32}$" }
const hash = { type: "string", pattern: "^sha512-[A-Za-z0-9_-]{86}$" }

const party = {
  type: "object",
  additionalProperties: false,
  properties: {
    tel: { type: "string", minLength: 1 },
    name: text,
    uuid: uuid8,
    type: { enum: ["bot"] }
  }
}

const common = {
  start: date,
  session_id: {
    type: "object",
    additionalProperties: false,
    required: ["local", "remote"],
    properties: { local: sessionHalf, remote: sessionHalf }
  },
  application: text
}
const indices = { type: "array", items: index }
const duration = { type: "number", minimum: 0 }

const recording = {
  type: "object",
  additionalProperties: false,
  required: ["type", "start", "parties", "mediatype"],
  properties: {
    ...common,
    type: { const: "recording" },
    duration,
    parties: { type: "array", items: { anyOf: [index, { ...indices, minItems: 2 }, { type: "null" }] } },
    originator: index,
    recording_set: index,
    mediatype: { type: "string", pattern: "^[a-z]+/[a-z0-9.+-]+$" },
    filename: text,
    url: { type: "string", format: "uri", pattern: "^https://" },
    content_hash: hash,
    encoding: { const: "base64url" },
    body: { type: "string", pattern: "^[A-Za-z0-9_-]*$" }
  },
  oneOf: [
    { required: ["body", "encoding"], not: { anyOf: [{ required: ["url"] }, { required: ["content_hash"] }] } },
    { required: ["content_hash"], anyOf: [{ required: ["url"] }, { required: ["filename"] }] }
  ]
}

const recordingSet = {
  type: "object",
  additionalProperties: false,
  required: ["type", "start", "parties", "recordings"],
  properties: { ...common, type: { const: "recording-set" }, duration, parties: indices, recordings: indices }
}

const incomplete = {
  type: "object",
  additionalProperties: false,
  required: ["type", "start", "parties", "disposition"],
  properties: {
    ...common,
    type: { const: "incomplete" },
    parties: indices,
    disposition: { enum: ["no-answer", "busy", "failed", "voicemail-no-message"] }
  }
}

const attachment = {
  type: "object",
  additionalProperties: false,
  required: ["purpose", "start", "party", "dialog", "mediatype", "encoding", "body"],
  properties: {
    purpose: { const: "callreel-recording" },
    start: date,
    party: index,
    dialog: index,
    mediatype: { const: "application/json" },
    encoding: { const: "json" },
    body: { type: "object" }
  }
}

export const vconSchema = {
  type: "object",
  additionalProperties: false,
  required: ["uuid", "created_at", "parties", "dialog", "attachments"],
  properties: {
    uuid: uuid8,
    created_at: date,
    parties: { type: "array", minItems: 3, items: party },
    dialog: { type: "array", minItems: 1, items: { oneOf: [recording, recordingSet, incomplete] } },
    attachments: { type: "array", minItems: 1, items: attachment }
  }
}
