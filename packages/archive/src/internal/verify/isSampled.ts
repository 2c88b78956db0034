import { keyOf } from "@callreel/recording"
import { hash } from "node:crypto"

/** A part of all recordings, the same one for the same seed. */
export interface Sample {
  /** From 0 to 1. */
  readonly fraction: number
  readonly seed: string
}

/** Whether a recording is in the sample. Another seed gives another part, of the same size but for chance. Pure. */
export const isSampled = (
  recording: { readonly source: string; readonly id: string },
  { fraction, seed }: Sample
): boolean => Number.parseInt(hash("sha256", `${seed}\n${keyOf(recording)}`).slice(0, 12), 16) / 2 ** 48 < fraction
