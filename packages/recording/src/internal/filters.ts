import { Stream } from "effect"
import type { CountryCode } from "libphonenumber-js/max"
import type { Capability, FilterSupport } from "../Capability.ts"
import { sameNumber } from "../PhoneNumber.ts"
import { type Recording, startOf } from "../Recording.ts"
import type { RecordingQuery } from "../RecordingQuery.ts"
import type { NativeQuery } from "../SourceDefinition.ts"

/** The filters of a query, with the capability that says who applies each. */
export const filterCapabilities = {
  direction: "listByDirection",
  number: "listByNumber",
  extension: "listByExtension",
  queue: "listByQueue"
} as const satisfies Record<string, keyof Capability>

type Filter = keyof typeof filterCapabilities

const supports = (capability: Capability, filter: Filter): FilterSupport => capability[filterCapabilities[filter]]

/** The part of a query that the vendor applies; the order is chosen later. */
export const pushedDown = (query: RecordingQuery, capability: Capability): Omit<NativeQuery, "order"> => ({
  from: query.from,
  to: query.to,
  ...(query.direction !== undefined &&
    supports(capability, "direction") === "vendor" && { direction: query.direction }),
  ...(query.number !== undefined && supports(capability, "number") === "vendor" && { number: query.number }),
  ...(query.extension !== undefined &&
    supports(capability, "extension") === "vendor" && { extension: query.extension }),
  ...(query.queue !== undefined && supports(capability, "queue") === "vendor" && { queue: query.queue })
})

/** Whether the recording's call has a party with this number, as written or by E.164. */
export const hasNumber = (recording: Recording, number: string, region?: CountryCode): boolean =>
  [recording.call?.from, recording.call?.to].some(
    (party) =>
      (party?.number !== undefined && sameNumber(party.number, number, region)) ||
      (party?.e164 !== undefined && sameNumber(party.e164, number, region))
  )

/** Whether a party of the call is this extension: by id, number or name. */
export const hasExtension = (recording: Recording, extension: string): boolean =>
  [recording.call?.from?.extension, recording.call?.to?.extension].some(
    (candidate) =>
      candidate !== undefined && [candidate.id, candidate.number, candidate.name].some((name) => name === extension)
  )

/** Whether the call went through this queue: by id or name. */
export const hasQueue = (recording: Recording, queue: string): boolean =>
  recording.call?.queue !== undefined && [recording.call.queue.id, recording.call.queue.name].includes(queue)

/** Whether the call started in [from, to). A recording without any start has no place in a window. */
export const inWindow = (recording: Recording, from: Date, to: Date): boolean => {
  const start = startOf(recording)
  return start !== undefined && start.getTime() >= from.getTime() && start.getTime() < to.getTime()
}

/** Applies the window, always, and every filter that the vendor does not. */
export const filterHere = (query: RecordingQuery, capability: Capability, region?: CountryCode) => {
  const here = (filter: Filter): string | undefined =>
    supports(capability, filter) === "here" ? query[filter] : undefined
  const direction = here("direction")
  const number = here("number")
  const extension = here("extension")
  const queue = here("queue")
  const matches = (recording: Recording): boolean =>
    inWindow(recording, query.from, query.to) &&
    (direction === undefined || recording.call?.direction === direction) &&
    (number === undefined || hasNumber(recording, number, region)) &&
    (extension === undefined || hasExtension(recording, extension)) &&
    (queue === undefined || hasQueue(recording, queue))
  return <E, R>(recordings: Stream.Stream<Recording, E, R>): Stream.Stream<Recording, E, R> =>
    Stream.filter(recordings, matches)
}
