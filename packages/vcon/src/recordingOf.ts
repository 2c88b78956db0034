import { Recording } from "@callreel/recording"
import * as Either from "fp-ts/lib/Either.js"
import { recordingPurpose } from "./internal/recordingAttachment.ts"
import type { Vcon, VconAttachment } from "./Vcon.ts"

/** All recordings that `toVcon` or `toVconOfCall` wrote into a vCon, in their order; none in a vCon of others. */
export const recordingsOf = (vcon: Vcon): ReadonlyArray<Recording> => vcon.attachments?.flatMap(recordingsIn) ?? []

/** The first recording that was written into a vCon. */
export const recordingOf = (vcon: Vcon): Recording | undefined => recordingsOf(vcon)[0]

const recordingsIn = ({ body, encoding, purpose }: VconAttachment): ReadonlyArray<Recording> => {
  if (purpose !== recordingPurpose || encoding !== "json") return []
  const decoded = Recording.decode(body)
  return Either.isRight(decoded) ? [decoded.right] : []
}
