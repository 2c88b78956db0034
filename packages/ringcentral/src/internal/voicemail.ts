/** The audio of voicemail: a message's attachment, in limit groups of its own (docs/vendors/ringcentral.md#voicemail). */
import { type Audio, type AudioOptions, Gone, NotFound, type Reason } from "@callreel/recording"
import { Effect, type Scope } from "effect"
import type { Api } from "./api.ts"
import { voicemailAttachment } from "./map.ts"
import type { Message } from "./wire.ts"

/** The message of an id. Message ids are digits; a comma would ask for several. */
export const readMessage = (api: Api, extension: string, id: string): Effect.Effect<Message, Reason> =>
  /^\d+$/.test(id) ? api.message(extension, id) : Effect.fail(new NotFound({ what: "the voicemail" }))

/** Where the audio of a voicemail is. */
export interface VoicemailAudio {
  readonly extension: string
  readonly messageId: string
  readonly attachmentId: string
  readonly bytes?: number
}

/** Reads the message for its attachment. */
export const voicemailAudio = (api: Api, extension: string, id: string): Effect.Effect<VoicemailAudio, Reason> =>
  Effect.gen(function* () {
    const message = yield* readMessage(api, extension, id)
    if (message.availability === "Purged") {
      return yield* new Gone({ why: "deleted", detail: "the voicemail was deleted" })
    }
    const attachment = voicemailAttachment(message)
    if (attachment === undefined) return yield* new NotFound({ what: "the audio of the voicemail" })
    return {
      extension: message.extensionId == null ? extension : String(message.extensionId),
      messageId: id,
      attachmentId: String(attachment.id),
      ...(attachment.size != null && { bytes: attachment.size })
    }
  })

/** The audio of a voicemail. */
export const openVoicemail = (
  api: Api,
  extension: string,
  id: string,
  { range }: AudioOptions
): Effect.Effect<Audio<Reason>, Reason, Scope.Scope> =>
  Effect.flatMap(voicemailAudio(api, extension, id), ({ bytes, ...target }) =>
    api.audio(target, { ...(range && { range }), ...(bytes !== undefined && { expectedBytes: bytes }) })
  )
