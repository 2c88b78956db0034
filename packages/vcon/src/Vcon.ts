/**
 * A vCon: the IETF's JSON document of a conversation (draft-ietf-vcon-vcon-core), in its unsigned form.
 *
 * The codecs are of its JSON as it is written; member names are the draft's. Reading is tolerant: a member that the draft
 * demands may be missing, and one that is not known here stays. `validateVcon` is the strict one. Instants are RFC 3339 text,
 * and other parts of the document are referred to by their place in its lists, from 0.
 */
import * as t from "io-ts"

const Index = t.refinement(t.number, (value) => Number.isSafeInteger(value) && value >= 0, "an index")
const Indices = t.union([Index, t.readonlyArray(Index)], "an index or several")
const Seconds = t.refinement(t.number, (value) => Number.isFinite(value) && value >= 0, "a length in seconds")

/** `<algorithm>-<unpadded base64url>`, or several of them. */
export type ContentHash = t.TypeOf<typeof ContentHash>
const ContentHash = t.union([t.string, t.readonlyArray(t.string)], "a content hash or several")

const contentMembers = {
  mediatype: t.string,
  filename: t.string,
  // Any JSON value where `encoding` is `json`, else text.
  body: t.unknown,
  // `base64url`, `json` or `none`.
  encoding: t.string,
  url: t.string,
  content_hash: ContentHash
}
const VconContent = t.readonly(t.partial(contentMembers), "a file")
/** A file: inside the document (`body`, `encoding`), or elsewhere (`url` or `filename`, with `content_hash`). */
export type VconContent = t.TypeOf<typeof VconContent>

const VconParty = t.readonly(
  t.partial({
    // A telephone URL, with or without its `tel:`.
    tel: t.string,
    sip: t.string,
    stir: t.string,
    mailto: t.string,
    name: t.string,
    did: t.string,
    validation: t.string,
    gmlpos: t.string,
    civicaddress: t.readonly(t.record(t.string, t.string)),
    // The same person has the same one in every vCon.
    uuid: t.string,
    // `person`, `bot` or `organization`.
    type: t.string,
    org: t.string,
    dept: t.string
  }),
  "a party"
)
/** Who took part, or contributed. */
export type VconParty = t.TypeOf<typeof VconParty>

const VconSessionId = t.readonly(t.partial({ local: t.string, remote: t.string }), "a session id")
/** The two halves of a session's id (RFC 7989). */
export type VconSessionId = t.TypeOf<typeof VconSessionId>

const DialogParties = t.union(
  [Index, t.readonlyArray(t.union([Index, t.readonlyArray(Index), t.null]))],
  "parties of a dialog"
)
/**
 * Who is in a dialog. For a recording of one channel a party, or a list of them; for one of several channels an entry per
 * channel: a party, a list of them, or null where nobody is on it.
 */
export type DialogParties = t.TypeOf<typeof DialogParties>

const VconPartyEvent = t.readonly(
  t.partial({ party: Index, time: t.string, event: t.string, button: t.string }),
  "an event of a party"
)

const VconDialog = t.readonly(
  t.partial({
    ...contentMembers,
    // `recording`, `recording-set`, `text`, `transfer` or `incomplete`.
    type: t.string,
    start: t.string,
    duration: Seconds,
    parties: DialogParties,
    // Who began it, where that is not the first of `parties`.
    originator: Index,
    // Of a `recording-set`: its recordings.
    recordings: t.readonlyArray(Index, "a list of indices"),
    // Of a `recording`: the set that it belongs to.
    recording_set: Index,
    // Why it is `incomplete`.
    disposition: t.string,
    session_id: t.union(
      [VconSessionId, t.readonlyArray(t.union([VconSessionId, t.readonlyArray(VconSessionId)]))],
      "session ids"
    ),
    party_history: t.readonlyArray(VconPartyEvent, "a list of events"),
    transferee: Index,
    transferor: Index,
    transfer_target: Indices,
    original: Indices,
    consultation: Indices,
    target_dialog: Indices,
    application: t.string,
    message_id: t.string
  }),
  "a dialog"
)
/** A part of the conversation: its recording or text, or why there is none. */
export type VconDialog = t.TypeOf<typeof VconDialog>

const VconAttachment = t.readonly(
  // `party` is who contributed it.
  t.partial({ ...contentMembers, purpose: t.string, start: t.string, party: Index, dialog: Index }),
  "an attachment"
)
/** A document that goes with a dialog. */
export type VconAttachment = t.TypeOf<typeof VconAttachment>

const VconAnalysis = t.readonly(
  t.partial({
    ...contentMembers,
    type: t.string,
    vendor: t.string,
    product: t.string,
    schema: t.string,
    dialog: Indices,
    attachment: Indices
  }),
  "an analysis"
)
/** What somebody found out about dialogs or attachments: a transcript, a summary. */
export type VconAnalysis = t.TypeOf<typeof VconAnalysis>

const VconPriorVersion = t.readonly(
  // `type` is of a redaction: what was taken out.
  t.partial({ uuid: t.string, type: t.string, url: t.string, content_hash: ContentHash }),
  "a reference to a vCon"
)
/** The version that a vCon was made from. */
export type VconPriorVersion = t.TypeOf<typeof VconPriorVersion>

/** JSON codec of a vCon by today's member names; `parseVcon` understands those of older drafts too. */
export const Vcon = t.readonly(
  t.partial({
    // The version that drafts before the extensions wrote; not written any more.
    vcon: t.string,
    uuid: t.string,
    extensions: t.readonlyArray(t.string),
    // Extensions without which the document must not be processed.
    critical: t.readonlyArray(t.string),
    created_at: t.string,
    updated_at: t.string,
    subject: t.string,
    redacted: VconPriorVersion,
    amended: VconPriorVersion,
    parties: t.readonlyArray(VconParty, "a list of parties"),
    dialog: t.readonlyArray(VconDialog, "a list of dialogs"),
    analysis: t.readonlyArray(VconAnalysis, "a list of analyses"),
    attachments: t.readonlyArray(VconAttachment, "a list of attachments")
  }),
  "a vCon"
)
/** A vCon in its unsigned form. */
export type Vcon = t.TypeOf<typeof Vcon>
