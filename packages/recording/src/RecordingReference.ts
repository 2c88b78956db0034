import type { Recording } from "./Recording.ts"

/**
 * Enough to find one recording again: a listed {@link Recording}, or its id with whatever else is known.
 *
 * `call` and `startedAt` let an adapter look the recording up where the id alone leads nowhere, and tell "not ready yet"
 * from "does not exist".
 */
export interface RecordingReference {
  readonly id: string
  readonly call?: {
    readonly id?: string
    readonly sessionId?: string
    readonly startedAt?: Date
    readonly endedAt?: Date
  }
  readonly startedAt?: Date
}

/** Whether a reference is a whole recording, so that nothing needs to be looked up. */
export const isRecording = (reference: RecordingReference | Recording): reference is Recording =>
  "availability" in reference && "raw" in reference

/** The latest instant that the reference knows of its call, to judge how young it is. */
export const knownEnd = (reference: RecordingReference): Date | undefined =>
  reference.call?.endedAt ?? reference.call?.startedAt ?? reference.startedAt
