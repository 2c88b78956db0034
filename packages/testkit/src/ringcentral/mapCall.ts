/** Turns a call of the vendor-neutral world into rows of this vendor's log. What differs by chance goes by digits of ids. */
import type { AudioKind } from "../audio/kinds.ts"
import type { SimulatedCall, SimulatedLeg, SimulatedParty, SimulatedRecording } from "../calls/SimulatedCall.ts"
import { makeRandom } from "../simulator/Random.ts"
import { callRecordId, digitsId, nibble, telephonySessionId } from "./ids.ts"
import type { LoggedCall, LoggedLeg, LoggedParty, LoggedRecord, LoggedRecording } from "./LoggedCall.ts"
import type { RecordingPlace } from "./RingCentralOptions.ts"

const second = 1000

/** Which kind of file, for a format and a number of channels. */
export const audioKindOf = (format: "mp3" | "wav", channels: 1 | 2): AudioKind => {
  if (format === "mp3") return channels === 1 ? "mp3-mono-8k" : "mp3-stereo-id3"
  return channels === 1 ? "wav-mono-8k" : "wav-stereo-8k"
}

/** WAV has two names. */
export const contentTypeOf = (format: "mp3" | "wav", id: string): LoggedRecording["contentType"] => {
  if (format === "mp3") return "audio/mpeg"
  return nibble(id, 28) % 2 === 0 ? "audio/wav" : "audio/x-wav"
}

/** The number of a message: exact in JSON. */
export const messageNumber = (hex: string): number => Number(digitsId(hex.slice(12)))

const kindOf = (leg: SimulatedLeg, { id }: SimulatedRecording): LoggedRecording["kind"] => {
  if (leg.outcome === "voicemail") return "voicemail"
  return nibble(id, 30) < 3 ? "on-demand" : "automatic"
}

const formatOf = (format: MapOptions["format"], id: string): "mp3" | "wav" => {
  if (format !== "mixed") return format
  return nibble(id, 31) < 12 ? "mp3" : "wav"
}

const mapRecording = (
  leg: SimulatedLeg,
  recording: SimulatedRecording,
  visibleFrom: number,
  options: MapOptions
): LoggedRecording => {
  const { channels, durationSeconds, id } = recording
  const kind = kindOf(leg, recording)
  const format = formatOf(options.format, id)
  const messageId = messageNumber(id)
  // Some are attached as the record appears, before they can be had; most when they have become ready, or later.
  const early = nibble(id, 29) < 3
  const attachedAt =
    early || kind === "voicemail" ? visibleFrom : Math.max(visibleFrom, recording.visibleFrom.getTime())
  return {
    // Of a voicemail the id of the attachment, which is that of the message for some only.
    id: kind === "voicemail" ? String(messageId + (messageId % 2) * 7) : digitsId(id),
    kind,
    messageId: kind === "voicemail" ? messageId : undefined,
    audio: { kind: audioKindOf(format, channels), seed: id, durationSeconds },
    contentType: contentTypeOf(format, id),
    fate: recording.state === "empty" ? "too-short" : recording.state,
    readyAt: recording.readyAt.getTime(),
    attachedAt
  }
}

/** Inside, an extension goes by its number; outside by the account's number that was called or shown. */
const mapParty = (party: SimulatedParty, outsideNumber: string | undefined): LoggedParty => ({
  phoneNumber: party.extension === undefined ? party.number : outsideNumber && `+${outsideNumber}`,
  extension: party.extension,
  name: party.name
})

const legTypeOf = (call: SimulatedCall, leg: SimulatedLeg, index: number): string => {
  if (call.direction === "internal") return "ExtensionToExtension"
  if (leg.transferred) return "TransferCall"
  if (leg.flow === "out") return "SipToPstnMetered"
  return index === 0 ? "Accept" : "FindMe"
}

// Five in eight at both, two in eight at the record only, one in eight at the leg only.
const placeOf = (id: string): RecordingPlace => {
  const share = nibble(id, 27)
  if (share < 10) return "both"
  return share < 14 ? "record" : "leg"
}

/** What the rows of a call are made of. */
interface RowPlan {
  readonly legs: readonly [SimulatedLeg, ...ReadonlyArray<SimulatedLeg>]
  /** Whose row it is: index into `legs`. */
  readonly own: number
  readonly session: string
  readonly transferTarget?: string
  readonly transferee?: string
}

const mapLegs = (call: SimulatedCall, { legs }: RowPlan, visibleFrom: number, options: MapOptions) =>
  legs.map((leg, index): LoggedLeg & { readonly made: LoggedRecording | undefined } => {
    const made = leg.recording === undefined ? undefined : mapRecording(leg, leg.recording, visibleFrom, options)
    return {
      partyId: `p-${leg.id}-${index + 1}`,
      extension: leg.extension,
      direction: leg.flow === "in" ? "Inbound" : "Outbound",
      outcome: leg.outcome,
      legType: legTypeOf(call, leg, index),
      startedAt: leg.startedAt.getTime(),
      endedAt: leg.endedAt.getTime(),
      from: mapParty(leg.from, undefined),
      to: mapParty(leg.to, undefined),
      recording: made?.kind === "voicemail" || made?.fate === "too-short" ? undefined : made,
      made
    }
  })

const mapRow = (call: SimulatedCall, plan: RowPlan, options: MapOptions): LoggedRecord => {
  const own = plan.legs[plan.own] ?? plan.legs[0]
  const endedAt = Math.max(...plan.legs.map((leg) => leg.endedAt.getTime()))
  const visibleFrom = endedAt + 15 * second + nibble(own.id, 0) * second + nibble(own.id, 1)
  const legs = mapLegs(call, plan, visibleFrom, options)
  const ownRecording = legs[plan.own]?.recording ?? legs.find(({ recording }) => recording !== undefined)?.recording
  const place = ownRecording === undefined ? "both" : placeOf(ownRecording.audio.seed)
  const changesAt = plan.legs.find(({ recording }) => recording?.changesAt !== undefined)?.recording?.changesAt
  return {
    id: callRecordId(own.id),
    sessionId: digitsId(plan.session),
    telephonySessionId: telephonySessionId(plan.session),
    type: "Voice",
    extension: own.extension,
    direction: own.flow === "in" ? "Inbound" : "Outbound",
    outcome: plan.legs.length < call.legs.length ? own.outcome : call.outcome,
    startedAt: (plan.legs[0] ?? own).startedAt.getTime(),
    endedAt,
    visibleFrom,
    changesAt: changesAt === undefined ? undefined : Math.max(visibleFrom, changesAt.getTime()),
    inLogWhileRunning: options.runningInLog,
    from: mapParty(own.from, call.outsideNumber),
    to: mapParty(own.to, call.outsideNumber),
    recording: place === "leg" ? undefined : ownRecording,
    legs: legs.map(({ made: _, ...leg }) =>
      place === "record" && leg.recording?.id === ownRecording?.id ? { ...leg, recording: undefined } : leg
    ),
    voicemail: legs.find(({ made }) => made?.kind === "voicemail")?.made,
    tooShort: legs.find(({ made }) => made?.fate === "too-short" && made.kind !== "voicemail")?.made,
    faxMessageId: undefined,
    transferTarget: plan.transferTarget,
    transferee: plan.transferee,
    deleted: plan.legs.every(({ recording }) => recording === undefined) && nibble(call.id, 28) < 4
  }
}

type Legs = RowPlan["legs"]

// Each end of an internal call has a row. A queue has one for itself and, for every other call, one for the agent, with
// the queue's leg in it again. A warm transfer begins another session.
const planRows = (call: SimulatedCall, legs: Legs): ReadonlyArray<RowPlan> => {
  const whole: RowPlan = { legs, own: 0, session: call.id }
  const last = legs.at(-1)
  const apart = nibble(call.id, 31) < 8 && last !== undefined && legs.length > 1
  if (call.scenario === "internal") return legs.map((leg) => ({ legs: [leg], own: 0, session: call.id }))
  if (call.scenario === "queue" && apart)
    return [
      { ...whole, legs: [legs[0]] },
      { ...whole, own: 1 }
    ]
  if (call.scenario !== "transfer" || !apart) return [whole]
  return [
    { ...whole, legs: [legs[0], ...legs.slice(1, -1)], transferTarget: telephonySessionId(last.id) },
    { legs: [last], own: 0, session: last.id, transferee: telephonySessionId(call.id) }
  ]
}

// A fax that came in a minute after the call began.
const faxRow = (call: SimulatedCall, leg: SimulatedLeg): LoggedRecord => {
  const id = makeRandom(call.id).fork("fax").hex(32)
  const startedAt = call.startedAt.getTime() + 61 * second
  const inside = mapParty({ number: "", name: leg.extension.name, extension: leg.extension }, call.outsideNumber)
  return {
    id: callRecordId(id),
    sessionId: digitsId(id),
    telephonySessionId: undefined,
    type: "Fax",
    extension: leg.extension,
    direction: "Inbound",
    outcome: "answered",
    startedAt,
    endedAt: startedAt + 34 * second,
    visibleFrom: startedAt + 55 * second,
    changesAt: undefined,
    inLogWhileRunning: false,
    from: { phoneNumber: "+74955550199", extension: undefined, name: undefined },
    to: inside,
    recording: undefined,
    legs: [],
    voicemail: undefined,
    tooShort: undefined,
    faxMessageId: messageNumber(id),
    transferTarget: undefined,
    transferee: undefined,
    deleted: nibble(call.id, 28) < 4
  }
}

export interface MapOptions {
  readonly format: "mp3" | "wav" | "mixed"
  readonly runningInLog: boolean
}

const faxEvery = 25

/** The rows of a call; `index` is its place in the world. */
export const mapCall = (call: SimulatedCall, index: number, options: MapOptions): LoggedCall => {
  const [first, ...rest] = call.legs
  const rows = first === undefined ? [] : planRows(call, [first, ...rest]).map((plan) => mapRow(call, plan, options))
  const faxes = first !== undefined && index % faxEvery === 9 ? [faxRow(call, first)] : []
  return {
    scenario: call.scenario,
    direction: call.direction,
    startedAt: call.startedAt.getTime(),
    endedAt: call.endedAt.getTime(),
    records: [...rows, ...faxes]
  }
}
