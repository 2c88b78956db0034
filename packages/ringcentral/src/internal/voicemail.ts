/** The audio of voicemail: a message's attachment, in limit groups of its own (docs/vendors/ringcentral.md#voicemail). */
import { type Audio, type AudioOptions, Gone, InvalidResponse, NotFound, type Reason } from "@callreel/recording"
import { Effect, type Scope } from "effect"
import type { Api } from "./api.ts"
import { voicemailAttachment } from "./map.ts"
import type { Message } from "./wire.ts"

/** The message of an id. Message ids are digits; a comma would ask for several. */
export const readMessage = (api: Api, extension: string, id: string): Effect.Effect<Message, Reason> =>
  /^\d+$/.test(id) ? api.message(extension, id) : Effect.fail(new NotFound({ what: "the voicemail" }))

/** Reads the message for its attachment, then that. */
export const openVoicemail = (
  api: Api,
  extension: string,
  id: string,
  { range }: AudioOptions
): Effect.Effect<Audio<Reason>, Reason, Scope.Scope> =>
  Effect.gen(function* () {
    const message = yield* readMessage(api, extension, id)
    if (message.availability === "Purged") {
      return yield* new Gone({ why: "deleted", detail: "the voicemail was deleted" })
    }
    const attachment = voicemailAttachment(message)
    if (attachment === undefined) {
      return yield* new InvalidResponse({ path: "attachments", detail: "the message has no audio" })
    }
    const owner = message.extensionId == null ? extension : String(message.extensionId)
    return yield* api.audio(
      { extension: owner, messageId: id, attachmentId: String(attachment.id) },
      { ...(range && { range }), ...(attachment.size != null && { expectedBytes: attachment.size }) }
    )
  })
