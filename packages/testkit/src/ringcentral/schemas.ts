/** JSON Schemas (draft 2020-12) of what the simulator answers: the keys that must be there, their types, the known words. */
import type { JsonObject } from "./RingCentralOptions.ts"

const text = { type: "string", minLength: 1 }
const uri = { type: "string", pattern: "^http://127\\.0\\.0\\.1:\\d+/" }
const instant = { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$" }
const count = { type: "integer", minimum: 0 }
const digits = { type: "string", pattern: "^\\d+$" }

const object = (required: JsonObject, optional: JsonObject = {}): JsonObject => ({
  type: "object",
  required: Object.keys(required),
  properties: { ...required, ...optional }
})

const listOf = (items: JsonObject): JsonObject => ({ type: "array", items })

const address = object({ uri })
const link = object({ telephonySessionId: text })

/** The vendor's word lists, as far as calls, recordings and voicemails go. */
const direction = { enum: ["Inbound", "Outbound"] }
const callType = { enum: ["Voice", "Fax"] }
const transport = { enum: ["PSTN", "VoIP"] }
const action = { enum: ["Phone Call", "Transfer", "Incoming Fax"] }
const result = {
  enum: [
    "Accepted",
    "Answered Elsewhere",
    "Busy",
    "Call Failed",
    "Call connected",
    "In Progress",
    "Missed",
    "No Answer",
    "Received",
    "Rejected",
    "Voicemail"
  ]
}
const reason = { enum: ["Accepted", "Bad Number", "Line Busy", "No Answer"] }
const legType = { enum: ["Accept", "ExtensionToExtension", "FindMe", "SipToPstnMetered", "TransferCall"] }

const party = object({}, { phoneNumber: text, extensionNumber: text, extensionId: digits, name: text, location: text })

/** `recording` of a record or leg. */
export const recordingInfoSchema: JsonObject = object({
  id: digits,
  uri,
  type: { enum: ["Automatic", "OnDemand"] },
  contentUri: uri
})

// What records and legs share.
const callRequired = { type: callType, direction, action, startTime: instant }
const callOptional: JsonObject = {
  extension: object({ id: { type: "integer" }, uri }),
  telephonySessionId: text,
  partyId: text,
  transferTarget: link,
  transferee: link,
  transport,
  from: party,
  to: party,
  message: object({ id: digits, type: { enum: ["VoiceMail", "Fax"] }, uri }),
  result,
  reason,
  reasonDescription: text,
  duration: count,
  durationMs: count,
  recording: recordingInfoSchema,
  shortRecording: { const: true },
  billing: object({}, { costIncluded: { type: "number" }, costPurchased: { type: "number" } }),
  internalType: { enum: ["Local", "LongDistance"] },
  finished: { type: "boolean" }
}

/** A leg of a record. */
export const legSchema: JsonObject = object(
  { ...callRequired, legType },
  { ...callOptional, master: { const: true }, id: false, lastModifiedTime: false }
)

const recordRequired = { ...callRequired, id: text, uri, sessionId: text }
const recordOptional = { ...callOptional, deleted: { const: true } }

/** A record in the Detailed view. */
export const detailedRecordSchema: JsonObject = object(
  { ...recordRequired, legs: listOf(legSchema), lastModifiedTime: instant },
  recordOptional
)

/** A record in the Simple view. */
export const simpleRecordSchema: JsonObject = object(recordRequired, {
  ...recordOptional,
  legs: false,
  lastModifiedTime: false
})

const paging = object(
  { perPage: { type: "integer", minimum: 1, maximum: 1000 } },
  {
    page: { type: "integer", minimum: 1 },
    pageStart: count,
    pageEnd: count,
    totalPages: count,
    totalElements: count
  }
)

const navigation = object({}, { firstPage: address, nextPage: address, previousPage: address, lastPage: address })

const list = (record: JsonObject): JsonObject => object({ records: listOf(record), paging, navigation, uri })

/** A page of a call log or of the active calls. */
export const detailedListSchema: JsonObject = list(detailedRecordSchema)
export const simpleListSchema: JsonObject = list(simpleRecordSchema)

const syncInfo = { syncType: { enum: ["FSync", "ISync"] }, syncToken: text, syncTime: instant }

/** Answers of call-log-sync and call-log-extract-sync in the Simple view. */
export const syncSchema: JsonObject = object({ uri, records: listOf(simpleRecordSchema), syncInfo: object(syncInfo) })
export const extractSyncSchema: JsonObject = object({
  uri,
  records: listOf(simpleRecordSchema),
  syncInfo: object({ ...syncInfo, newerRecordsExist: { type: "boolean" } })
})

/** `GET …/recording/{id}`. */
export const metadataSchema: JsonObject = object({
  id: digits,
  contentUri: uri,
  contentType: { enum: ["audio/mpeg", "audio/wav", "audio/x-wav"] },
  duration: count
})

/** The answer with a token. */
export const tokenSchema: JsonObject = object(
  {
    access_token: text,
    expires_in: { type: "integer", minimum: 1, maximum: 3600 },
    scope: text,
    token_type: { const: "bearer" },
    session_id: text
  },
  { refresh_token: text, refresh_token_expires_in: count, owner_id: digits, endpoint_id: text }
)

const attachment = object(
  {
    id: { type: "integer" },
    uri,
    type: { enum: ["AudioRecording", "AudioTranscription", "RenderedDocument"] },
    contentType: text
  },
  { vmDuration: count, fileName: text, size: count }
)

/** A message of the store, in a list or alone. */
export const messageSchema: JsonObject = object(
  {
    id: { type: "integer" },
    uri,
    extensionId: digits,
    type: { enum: ["VoiceMail", "Fax"] },
    attachments: { ...listOf(attachment), minItems: 1 },
    availability: { enum: ["Alive", "Deleted", "Purged"] },
    creationTime: instant,
    lastModifiedTime: instant,
    direction,
    from: party,
    to: listOf(party),
    messageStatus: { const: "Received" },
    priority: { enum: ["Normal", "High"] },
    readStatus: { enum: ["Read", "Unread"] }
  },
  {
    faxPageCount: count,
    faxResolution: { enum: ["High", "Low"] },
    vmTranscriptionStatus: { enum: ["NotAvailable", "Completed"] },
    vmSideRecipients: { ...listOf(party), minItems: 1 }
  }
)

/** A page of the message store. */
export const messageListSchema: JsonObject = list(messageSchema)

const eventParty = object(
  {
    accountId: digits,
    extensionId: digits,
    id: text,
    direction,
    to: party,
    from: party,
    status: object(
      { code: { enum: ["Proceeding", "Answered", "Hold", "Disconnected"] }, rcc: { type: "boolean" } },
      { reason: { enum: ["BlindTransfer", "NoAnswer"] } }
    )
  },
  {
    recordings: { ...listOf(object({ id: digits, active: { type: "boolean" } })), minItems: 1 },
    missedCall: { type: "boolean" },
    standAlone: { type: "boolean" },
    muted: { type: "boolean" }
  }
)

/** The notification of a telephony session. */
export const telephonyEventSchema: JsonObject = object({
  uuid: text,
  event: text,
  timestamp: instant,
  subscriptionId: text,
  ownerId: digits,
  body: object({
    sequence: count,
    sessionId: text,
    telephonySessionId: text,
    serverId: text,
    eventTime: instant,
    origin: object({ type: { const: "Call" } }),
    parties: { ...listOf(eventParty), minItems: 1 }
  })
})

const code = (prefixes: string): JsonObject => ({ type: "string", pattern: `^(${prefixes})-\\d{3}$` })

const errors = {
  ...listOf(
    object(
      { errorCode: code("CMN|OAU|CLG|SUB"), message: text },
      { parameterName: text, parameterValue: { type: "string" }, permissionName: text }
    )
  ),
  minItems: 1
}

/** An error of the API: `errors`, and often a name and message at the top. */
export const apiErrorSchema: JsonObject = object({ errors }, { errorCode: text, message: text, permissionName: text })

/** An error of the gateway, which has no `errors`. */
export const gatewayErrorSchema: JsonObject = object({ errorCode: code("AGW"), message: text }, { errors: false })

/** An error of the token resource. */
export const oauthErrorSchema: JsonObject = object({
  error: {
    enum: ["invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type"]
  },
  error_description: text,
  errors
})
