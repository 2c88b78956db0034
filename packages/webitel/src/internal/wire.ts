/**
 * Webitel's JSON, as little of it as is used. 64-bit numbers come as text, and what is not set comes as null, "0", "" or
 * not at all, by version and gateway: all of these mean unknown (docs/vendors/webitel.md#history).
 */
import * as t from "io-ts"

const maybe = <A, O>(codec: t.Type<A, O>) => t.union([codec, t.null])
const text = maybe(t.string)
const whole = maybe(t.union([t.number, t.string]))

/** `{ id, name }` of something that a call refers to. */
export const Lookup = t.partial({ id: whole, name: text }, "Lookup")
export type Lookup = t.TypeOf<typeof Lookup>

/** `from` and `to` of a call. */
export const Endpoint = t.partial({ type: text, number: text, id: whole, name: text }, "Endpoint")
export type Endpoint = t.TypeOf<typeof Endpoint>

/** A file of a call: its audio, or what else was kept of it. */
export const CallFile = t.intersection(
  [
    t.type({ id: t.union([t.string, t.number]) }),
    t.partial({
      name: text,
      size: whole,
      mime_type: text,
      start_at: whole,
      stop_at: whole,
      start_record: text,
      channel: text,
      type: text,
      // Only the database tells: it waits for its upload to the storage.
      uploading: maybe(t.boolean)
    })
  ],
  "CallFile"
)
export type CallFile = t.TypeOf<typeof CallFile>

/** What tells that a file was transcribed. */
export const TranscriptLookup = t.partial(
  { id: whole, locale: text, file_id: whole, file: maybe(Lookup) },
  "TranscriptLookup"
)
export type TranscriptLookup = t.TypeOf<typeof TranscriptLookup>

/** A row of the call history: one leg of a call. */
export const HistoryCall = t.intersection(
  [
    t.type({ id: t.string }),
    t.partial({
      parent_id: text,
      bridged_id: text,
      direction: text,
      destination: text,
      from: maybe(Endpoint),
      to: maybe(Endpoint),
      extension: text,
      user: maybe(Lookup),
      queue: maybe(Lookup),
      created_at: whole,
      answered_at: whole,
      bridged_at: whole,
      hangup_at: whole,
      stored_at: whole,
      cause: text,
      talk_sec: whole,
      tags: maybe(t.array(t.string)),
      variables: maybe(t.record(t.string, t.unknown)),
      files: maybe(t.array(CallFile)),
      // Only where they are asked for.
      transcripts: maybe(t.array(TranscriptLookup))
    })
  ],
  "HistoryCall"
)
export type HistoryCall = t.TypeOf<typeof HistoryCall>

/** An answer of the call history. There is no total. */
export const HistoryPage = t.partial({ next: maybe(t.boolean), items: maybe(t.array(HistoryCall)) }, "HistoryPage")
export type HistoryPage = t.TypeOf<typeof HistoryPage>

/** A page of the queues. */
export const QueuePage = t.partial({ next: maybe(t.boolean), items: maybe(t.array(Lookup)) }, "QueuePage")
export type QueuePage = t.TypeOf<typeof QueuePage>

/** What somebody said, from second to second, on the channel 0 (left) or 1 (right). */
export const WirePhrase = t.partial({ start_sec: whole, end_sec: whole, channel: whole, phrase: text }, "WirePhrase")
export type WirePhrase = t.TypeOf<typeof WirePhrase>

/** A page of the phrases of a transcript. */
export const PhrasePage = t.partial({ next: maybe(t.boolean), items: maybe(t.array(WirePhrase)) }, "PhrasePage")
export type PhrasePage = t.TypeOf<typeof PhrasePage>

/** The answer of `/userinfo`: whose token it is, and what it may do. */
export const UserInfo = t.partial(
  {
    dc: whole,
    expires_at: whole,
    permissions: maybe(t.array(t.partial({ id: text }))),
    scope: maybe(t.array(t.partial({ class: text, rbac: maybe(t.boolean), obac: maybe(t.boolean), access: text })))
  },
  "UserInfo"
)
export type UserInfo = t.TypeOf<typeof UserInfo>

/** The columns of a row that are used: what is not asked for does not come. */
export const fields = [
  "id",
  "parent_id",
  "bridged_id",
  "direction",
  "destination",
  "from",
  "to",
  "extension",
  "user",
  "queue",
  "created_at",
  "answered_at",
  "bridged_at",
  "hangup_at",
  "stored_at",
  "cause",
  "talk_sec",
  "tags",
  "variables",
  "files"
] as const
