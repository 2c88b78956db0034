/** Writes an answer to the wire, whole or spoiled, no faster than the client reads. */
import { once } from "node:events"
import type { ServerResponse } from "node:http"
import { setTimeout as delay } from "node:timers/promises"
import type { Answer } from "./Answer.ts"
import type { Fault } from "./Fault.ts"
import type { RequestEntry } from "./RequestLog.ts"

// What a body of unknown length is taken for when a part of it is wanted.
const assumedLength = 64 * 1024

// Time for the bytes before a reset to arrive: a reset overtakes what still waits in buffers.
const beforeReset = 20

type BodyFault = Extract<Fault, { readonly fraction: number }>

const isBodyFault = (fault: Fault | undefined): fault is BodyFault => fault !== undefined && "fraction" in fault

/** Whether a fault of the body can be done to this answer: there must be a body to spoil. */
const spoils = (answer: Answer, fault: Fault | undefined): fault is BodyFault =>
  isBodyFault(fault) && answer.status === 200 && answer.body.length !== 0

// Whichever comes first: the client reads on, or goes away. `once` would leave the other listener behind each time.
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done)
      response.off("close", done)
      resolve()
    }
    response.on("drain", done)
    response.on("close", done)
  })

// In steps of a twentieth of a second.
const stepsPerSecond = 20

function* smaller(pieces: Iterable<Uint8Array>, bytesPerSecond: number): Generator<Uint8Array, void> {
  const length = Math.max(1, Math.floor(bytesPerSecond / stepsPerSecond))
  for (const piece of pieces) {
    for (let start = 0; start < piece.length; start += length) yield piece.subarray(start, start + length)
  }
}

const writePieces = async (
  response: ServerResponse,
  entry: RequestEntry,
  { body, bytesPerSecond }: Answer,
  limit: number
): Promise<void> => {
  let left = limit
  for (const piece of bytesPerSecond === undefined ? body.pieces() : smaller(body.pieces(), bytesPerSecond)) {
    if (left <= 0 || response.destroyed) return
    if (bytesPerSecond !== undefined) await delay((piece.length / bytesPerSecond) * 1000)
    const part = piece.length > left ? piece.subarray(0, left) : piece
    left -= part.length
    const flowing = response.write(part)
    entry.bytesSent += part.length
    if (!flowing && !response.destroyed) await drained(response)
  }
}

const flushed = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    if (response.destroyed) resolve()
    else response.write("", () => resolve())
  })

const endSpoiled = async (response: ServerResponse, fault: BodyFault): Promise<void> => {
  await flushed(response)
  switch (fault.kind) {
    case "short-body":
      response.end()
      return
    case "truncated-body":
      response.socket?.end()
      return
    case "reset-mid-body":
      await delay(beforeReset)
      response.socket?.resetAndDestroy()
      return
    case "stalled-body":
      if (!response.destroyed) await once(response, "close")
  }
}

/** Sends an answer; resolves when nothing more will be sent. Notes in `entry` what was done. */
export const sendAnswer = async (
  response: ServerResponse,
  entry: RequestEntry,
  answer: Answer,
  fault: Fault | undefined
): Promise<void> => {
  const { body } = answer
  const withBody = entry.method !== "HEAD" && answer.status !== 204
  const spoiled = withBody && spoils(answer, fault) ? fault : undefined
  // At least one byte is missing, however large the fraction.
  const whole = body.length ?? assumedLength
  const limit = spoiled === undefined ? Infinity : Math.min(whole - 1, Math.floor(whole * spoiled.fraction))
  const length = spoiled?.kind === "short-body" ? limit : body.length
  entry.status = answer.status
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(length === undefined || answer.status === 204 ? {} : { "content-length": String(length) })
  })
  if (spoiled !== undefined) entry.fault = spoiled.kind
  if (withBody) {
    // Without this nothing is sent before the first byte of the body, which a spoiled one may not have.
    response.flushHeaders()
    await writePieces(response, entry, answer, limit)
  }
  if (spoiled === undefined) response.end()
  else await endSpoiled(response, spoiled)
}
