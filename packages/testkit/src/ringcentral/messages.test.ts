import { createHash } from "node:crypto"
import { afterEach, describe, expect, it } from "vitest"
import { makeSimulators, tryClient } from "./tryClient.ts"

interface Message {
  readonly id: number
  readonly type: string
  readonly attachments: ReadonlyArray<{
    readonly id: number
    readonly type: string
    readonly uri: string
    readonly contentType: string
    readonly size: number
  }>
}

const { start: startOne, closeAll } = makeSimulators()
afterEach(closeAll)

const start = async () => {
  const simulator = await startOne()
  const get = await tryClient(simulator)
  const voicemails = simulator.truth.filter(({ kind }) => kind === "voicemail")
  const store = (extensionId: string | undefined, rest: string): Promise<Response> =>
    get(`/extension/${extensionId}/message-store${rest}`)
  return { simulator, get, voicemails, store }
}

describe("voicemails", () => {
  it("are a message of their record, and no recording", async () => {
    const { voicemails } = await start()
    expect(voicemails.length).toBeGreaterThan(3)
    for (const { messageId, record } of voicemails) {
      expect(record).toMatchObject({ result: "Voicemail", message: { id: messageId, type: "VoiceMail" } })
      expect(record).toMatchObject({ legs: [{ message: { id: messageId } }] })
      expect(record).not.toHaveProperty("recording")
    }
  })

  it("are read with numbers for ids; the audio is found by its type", async () => {
    const { get, store, voicemails } = await start()
    const kinds = new Set<number>()
    for (const truth of voicemails) {
      const response = await store(truth.extension.id, `/${truth.messageId}`)
      expect(response.headers.get("x-rate-limit-group")).toBe("light")
      const message = (await response.json()) as Message
      expect(message.id).toBe(Number(truth.messageId))
      kinds.add(message.attachments.length)
      const audio = message.attachments.find(({ type }) => type === "AudioRecording")
      expect(audio).toMatchObject({
        id: Number(truth.recordingId),
        uri: truth.contentUri,
        contentType: truth.contentType,
        size: truth.bytes
      })
      const content = await get(audio?.uri ?? "")
      expect(content.headers.get("x-rate-limit-group")).toBe("medium")
      const bytes = new Uint8Array(await content.arrayBuffer())
      expect(createHash("sha512").update(bytes).digest("hex")).toBe(truth.sha512())
    }
    expect(kinds).toEqual(new Set([1, 2]))
  })

  it("are listed beside faxes, for the last 24 hours unless asked otherwise", async () => {
    const { store, voicemails } = await start()
    const extension = voicemails[0]?.extension.id
    const own = voicemails.filter((truth) => truth.extension.id === extension)
    const list = async (parameters: string): Promise<ReadonlyArray<Message>> =>
      ((await (await store(extension, `?${parameters}`)).json()) as { records: ReadonlyArray<Message> }).records
    const since = "dateFrom=2026-01-01T00:00:00Z"
    expect(new Set((await list(`${since}&messageType=VoiceMail`)).map(({ id }) => id))).toEqual(
      new Set(own.map(({ messageId }) => Number(messageId)))
    )
    expect(await list("")).toEqual([])
    expect((await store(extension, "?messageType=Voicemail")).status).toBe(400)
  })

  it("are unknown to other extensions, and so are other attachments", async () => {
    const { simulator, store, voicemails } = await start()
    const truth = voicemails[0]
    const other = simulator.world.extensions.find(({ id }) => id !== truth?.extension.id)
    expect((await store(other?.id, `/${truth?.messageId}`)).status).toBe(404)
    const get = await tryClient(simulator)
    const missing = await get(`${truth?.contentUri}9`)
    expect(await missing.json()).toMatchObject({ errors: [{ errorCode: "CMN-102", parameterName: "attachmentId" }] })
  })
})
