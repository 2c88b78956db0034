/** The message store of an extension: voicemails with their audio, and faxes. */
import { type Answer, bytesBody, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import { accountPath, type Addresses } from "./addresses.ts"
import { audioOfRecording, type CallLog } from "./CallLog.ts"
import { audioAnswer } from "./content.ts"
import { invalidParameter, notFound } from "./errors.ts"
import { digitsKey } from "./ids.ts"
import { type LoggedRecord, messageIdOf } from "./LoggedCall.ts"
import type { Position } from "./LogIndex.ts"
import type { Pager } from "./paging.ts"
import { countIn, instantIn, wordsIn } from "./parameters.ts"
import type { RecordWriter } from "./recordJson.ts"
import type { JsonObject } from "./RingCentralOptions.ts"
import type { Settings } from "./settings.ts"

export interface Messages {
  readonly list: (request: SimulatorRequest, extensionId: string) => Answer
  readonly read: (extensionId: string, messageId: string) => Answer
  readonly content: (request: SimulatorRequest, extensionId: string, messageId: string, attachmentId: string) => Answer
}

const day = 86_400_000
const mostPerPage = 1000
const defaultPerPage = 100

const transcription = "Please call me back."
const faxPages = "%PDF-1.4\n%%EOF\n"

/** What can be fetched of a message. */
interface Attachment {
  readonly id: number
  readonly json: JsonObject
  readonly answer: (request: SimulatorRequest) => Answer
}

const textAnswer = (contentType: string, text: string): Answer => ({
  status: 200,
  headers: { "content-type": contentType },
  body: bytesBody(new TextEncoder().encode(text))
})

// A text for every third.
const isTranscribed = (messageId: number): boolean => messageId % 3 === 0

/** The messages that belong to rows of the log. */
export const makeMessages = (
  settings: Settings,
  log: CallLog,
  writer: RecordWriter,
  addresses: Addresses,
  pager: Pager
): Messages => {
  const { index } = log

  const attachmentJson = (record: LoggedRecord, messageId: number, id: number, more: JsonObject): JsonObject => ({
    id,
    uri: addresses.messageContentUri(record.extension.id, messageId, id),
    ...more
  })

  const audioAttachment = (record: LoggedRecord, messageId: number): ReadonlyArray<Attachment> => {
    const { voicemail } = record
    if (voicemail === undefined) return []
    const id = Number(voicemail.id)
    const audio = audioOfRecording(voicemail)
    const json = attachmentJson(record, messageId, id, {
      type: "AudioRecording",
      contentType: voicemail.contentType,
      vmDuration: Math.round(audio.durationSeconds),
      fileName: `voicemail-${messageId}`,
      size: audio.bytes
    })
    const answer = (request: SimulatorRequest): Answer => {
      const held = index.recordingById(voicemail.id)
      return held !== undefined && log.stateOf(held) === "available"
        ? audioAnswer(settings, request, audio, voicemail.contentType)
        : notFound("attachmentId")
    }
    return [{ id, json, answer }]
  }

  const textAttachment = (record: LoggedRecord, messageId: number): ReadonlyArray<Attachment> => {
    const isFax = record.voicemail === undefined
    if (!isFax && !isTranscribed(messageId)) return []
    const id = messageId + 11
    const [type, contentType, text] = isFax
      ? ["RenderedDocument", "application/pdf", faxPages]
      : ["AudioTranscription", "text/plain", transcription]
    const json = attachmentJson(record, messageId, id, { type, contentType, size: text.length })
    return [{ id, json, answer: () => textAnswer(contentType, text) }]
  }

  // The text first where there is one: a client must look for the audio by its type.
  const attachmentsOf = (record: LoggedRecord, messageId: number): ReadonlyArray<Attachment> => [
    ...textAttachment(record, messageId),
    ...audioAttachment(record, messageId)
  ]

  const messageJson = (record: LoggedRecord, messageId: number): JsonObject => {
    const { extension } = record
    const isFax = record.voicemail === undefined
    return {
      uri: addresses.platform(`/extension/${extension.id}/message-store/${messageId}`),
      id: messageId,
      extensionId: extension.id,
      to: [{ ...writer.party(record.to), target: true }],
      from: writer.party(record.from),
      type: isFax ? "Fax" : "VoiceMail",
      creationTime: new Date(record.startedAt).toISOString(),
      lastModifiedTime: new Date(record.visibleFrom).toISOString(),
      readStatus: messageId % 2 === 0 ? "Unread" : "Read",
      priority: "Normal",
      attachments: attachmentsOf(record, messageId).map(({ json }) => json),
      direction: "Inbound",
      availability: "Alive",
      messageStatus: "Received",
      ...(isFax
        ? { faxResolution: "High", faxPageCount: 1 }
        : { vmTranscriptionStatus: isTranscribed(messageId) ? "Completed" : "NotAvailable" })
    }
  }

  const find = (
    extensionId: string,
    text: string
  ): { readonly record: LoggedRecord; readonly id: number } | undefined => {
    const id = digitsKey(text)
    const record = id === undefined ? undefined : index.byMessageId(id)
    if (id === undefined || record === undefined || record.extension.id !== extensionId) return undefined
    return log.now() >= record.visibleFrom ? { record, id } : undefined
  }

  function* stored(
    extensionId: string,
    types: ReadonlyArray<string>,
    from: number,
    to: number
  ): Generator<Position, void> {
    const at = log.now()
    for (const position of log.newestFirst(from, to)) {
      const own = index.hasMessage[position] === 1 && index.extensionId[position] === Number(extensionId)
      const type = index.isFax[position] === 1 ? "Fax" : "VoiceMail"
      const wanted = types.length === 0 || types.includes(type)
      if (own && wanted && at >= (index.visibleFrom[position] ?? Infinity)) yield position
    }
  }

  return {
    list: (request, extensionId) => {
      const { query } = request
      const at = log.now()
      const dateTo = instantIn(query, "dateTo")
      if (!dateTo.ok) return dateTo.refusal
      const dateFrom = instantIn(query, "dateFrom")
      if (!dateFrom.ok) return dateFrom.refusal
      const types = wordsIn(query, "messageType", ["Fax", "SMS", "VoiceMail", "Pager"])
      if (!types.ok) return types.refusal
      const perPage = countIn(query, "perPage", mostPerPage)
      if (!perPage.ok) return perPage.refusal
      const number = countIn(query, "page", Infinity)
      if (!number.ok) return number.refusal
      const to = dateTo.value ?? at
      const from = dateFrom.value ?? to - day
      if (from > to) return invalidParameter("dateFrom", query.get("dateFrom") ?? "")
      const page = pager.take(request, stored(extensionId, types.value, from, to), {
        resource: `${accountPath(settings.account)}/extension/${extensionId}/message-store`,
        page: number.value ?? 1,
        perPage: perPage.value ?? defaultPerPage,
        defaults: { dateFrom: new Date(from).toISOString() }
      })
      return jsonAnswer(200, {
        uri: page.uri,
        records: page.items.flatMap((position) => {
          const record = index.record(position)
          const id = messageIdOf(record)
          return id === undefined ? [] : [messageJson(record, id)]
        }),
        paging: page.paging,
        navigation: page.navigation
      })
    },
    read: (extensionId, messageId) => {
      const found = find(extensionId, messageId)
      if (found === undefined) return notFound("messageId")
      const { extension } = found.record
      return jsonAnswer(200, {
        ...messageJson(found.record, found.id),
        vmSideRecipients: [{ extensionId: extension.id, extensionNumber: extension.number, name: extension.name }]
      })
    },
    content: (request, extensionId, messageId, attachmentId) => {
      const found = find(extensionId, messageId)
      if (found === undefined) return notFound("messageId")
      const attachment = attachmentsOf(found.record, found.id).find(({ id }) => String(id) === attachmentId)
      return attachment === undefined ? notFound("attachmentId") : attachment.answer(request)
    }
  }
}
