import { Recording } from "@callreel/recording"
import type { VconAttachment } from "../Vcon.ts"
import { instantText } from "./dialogs.ts"
import { jsonOf } from "./json.ts"

/** The `purpose` of an attachment that is a Recording of callreel. */
export const recordingPurpose = "callreel-recording"

/** The recording's JSON as an attachment of a dialog. `raw` is written as it is: the caller masks what is secret in it. */
export const recordingAttachment = (recording: Recording, party: number, dialog: number): VconAttachment => ({
  purpose: recordingPurpose,
  start: instantText(recording.startedAt ?? recording.call?.startedAt),
  party,
  dialog,
  mediatype: "application/json",
  encoding: "json",
  body: jsonOf(Recording.encode(recording))
})
