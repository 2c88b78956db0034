/** A small world for {@link memorySource}: calls over months, with the edges that listings stumble over. */
import type { Recording } from "@callreel/recording"
import { createHash } from "node:crypto"
import { composeAudio } from "../audio/compose.ts"
import type { Expectations, ExpectedRecording } from "../conformance/Case.ts"
import type { MemoryEntry, MemoryWorld } from "./memorySource.ts"

const hour = 3_600_000
const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-04-01T00:00:00Z") }

/** 60 recordings of 40 calls: pairs in one millisecond, one at the window's first, one in its last millisecond. */
export const memoryWorld = (source: string): MemoryWorld => ({
  account: "1",
  entries: Array.from({ length: 60 }, (_, index) => entryOf(source, index))
})

const startOfCall = (call: number): Date => {
  if (call === 0) return window.from
  if (call === 39) return new Date(window.to.getTime() - 1)
  // Two calls in one millisecond, every tenth.
  const step = call % 10 === 5 ? call - 1 : call
  return new Date(window.from.getTime() + step * 53 * hour + (step % 7) * 137)
}

const entryOf = (source: string, index: number): MemoryEntry => {
  // Every third call has two recordings.
  const call = Math.floor((index * 2) / 3)
  const startedAt = startOfCall(call)
  const audio =
    index % 20 === 7
      ? undefined
      : composeAudio({ kind: "mp3-mono-8k", seed: `${index}`, durationSeconds: 1 + index / 10 })
  const durationSeconds = audio?.durationSeconds ?? 0
  const recording: Recording = {
    source,
    provider: "memory",
    account: "1",
    id: `recording-${index}`,
    call: {
      id: `call-${call}`,
      direction: call % 3 === 0 ? "outbound" : "inbound",
      outcome: "answered",
      startedAt,
      endedAt: new Date(startedAt.getTime() + durationSeconds * 1_000),
      from: { number: `+7499961${String(call % 5).padStart(4, "0")}`, name: "Иван Петров" },
      to: { number: "74999610999", extension: { id: `${call % 4}`, number: `054${call % 4}` } },
      ...(call % 4 === 1 && { queue: { id: "7", name: "Продажи" } })
    },
    kind: "automatic",
    durationSeconds,
    audio: { mediaType: "audio/mpeg", bytes: audio?.bytes ?? 0 },
    availability: audio === undefined ? { state: "unavailable", reason: "absent" } : { state: "available" },
    raw: { index }
  }
  return {
    recording,
    audio: audio?.chunk(0, audio.bytes),
    ...(index === 21 && audio !== undefined && { cutAt: audio.bytes - 1 })
  }
}

/** What the conformance suite must find in {@link memoryWorld}. */
export const memoryExpectations = (world: MemoryWorld): Expectations => ({
  window,
  account: world.account,
  get recordings() {
    return world.entries.map(expected)
  },
  unknownRecordingId: "recording-unknown",
  unknownCallId: "call-unknown",
  filters: { number: "+74999610001", extension: "0541", queue: "Продажи" },
  truncatedId: "recording-21",
  event: { payload: { callId: "call-2" }, recordingIds: ["recording-3", "recording-4"] },
  webhook: () => new Request("http://localhost/hook", { method: "POST", body: JSON.stringify({ callId: "call-2" }) }),
  appearLate: () => {
    const late = entryOf("memory", 30)
    const id = "recording-late"
    world.entries.push({ ...late, recording: { ...late.recording, id } })
    return id
  },
  removable: true
})

const expected = ({ recording: { id, call, durationSeconds = 0 }, audio }: MemoryEntry): ExpectedRecording => ({
  id,
  callId: call?.id ?? "",
  startedAt: call?.startedAt ?? new Date(0),
  ...(call && { direction: call.direction, outcome: call.outcome }),
  durationSeconds,
  bytes: audio?.length ?? 0,
  ...(audio && { mediaType: "audio/mpeg", sha512: () => createHash("sha512").update(audio).digest("hex") }),
  available: audio !== undefined
})
