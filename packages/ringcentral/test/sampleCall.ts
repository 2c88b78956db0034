/** A call that RingCentral's own developers documented: its notification, and its record in the call log. */
import type { Recording } from "@callreel/recording"

const platform = "https://platform.ringcentral.com/restapi/v1.0/account"
const list = `${platform}/11111111/extension/22222222/call-log?view=Simple&sessionId=1234567890&page=1&perPage=100`

export const sampleEvent = {
  uuid: "12345678901234567890",
  event: "/restapi/v1.0/account/11111111/extension/22222222/telephony/sessions",
  timestamp: "2019-03-08T22:30:40.059Z",
  subscriptionId: "11112222-3333-4444-5555-666677778888",
  ownerId: "33333333",
  body: {
    sequence: 7,
    sessionId: "1234567890",
    telephonySessionId: "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    serverId: "10.11.12.13.TAM",
    eventTime: "2019-03-08T22:30:39.938Z",
    parties: [
      {
        accountId: "11111111",
        extensionId: "22222222",
        id: "cs12345678901234567890-2",
        direction: "Inbound",
        to: { phoneNumber: "+16505550100", name: "Jane Doe", extensionId: "22222222" },
        from: { phoneNumber: "+14155550100", name: "John Smith" },
        recordings: [{ id: "44444444", active: false }],
        status: { code: "Answered", rcc: false },
        missedCall: false,
        standAlone: false,
        muted: false
      }
    ],
    origin: { type: "Call" }
  }
}

export const sampleRecord = {
  uri: `${platform}/11111111/extension/22222222/call-log/1234567890ABCDEFGabcdefgh?view=Simple`,
  id: "1234567890ABCDEFGabcdefgh",
  sessionId: "1234567890",
  startTime: "2019-03-08T22:30:29.505Z",
  duration: 35,
  type: "Voice",
  direction: "Inbound",
  action: "Phone Call",
  result: "Accepted",
  to: { phoneNumber: "+16505550100", name: "Jane Doe" },
  from: { phoneNumber: "+14155550100", name: "John Smith", location: "San Francisco, CA" },
  recording: {
    uri: `${platform}/11111111/recording/44444444`,
    id: "44444444",
    type: "OnDemand",
    contentUri: "https://media.ringcentral.com/restapi/v1.0/account/111111111/recording/44444444/content"
  },
  extension: { uri: `${platform}/111111111/extension/22222222`, id: 22222222 },
  reason: "Accepted",
  reasonDescription: "The call connected to and was accepted by this number."
}

export const sampleLog = {
  uri: list,
  records: [sampleRecord],
  paging: { page: 1, perPage: 100, pageStart: 0, pageEnd: 0 },
  navigation: { firstPage: { uri: list }, lastPage: { uri: list } }
}

/** The recording as it is documented. */
export const sampleRecording: Recording = {
  source: "us",
  provider: "ringcentral",
  account: "11111111",
  id: "44444444",
  call: {
    id: "1234567890",
    sessionId: "1234567890",
    legIds: ["1234567890ABCDEFGabcdefgh"],
    direction: "inbound",
    outcome: "answered",
    startedAt: new Date("2019-03-08T22:30:29.505Z"),
    endedAt: new Date("2019-03-08T22:31:04.505Z"),
    durationSeconds: 35,
    from: { number: "+14155550100", e164: "+14155550100", name: "John Smith" },
    to: { number: "+16505550100", e164: "+16505550100", name: "Jane Doe", extension: { id: "22222222" } }
  },
  kind: "on-demand",
  availability: { state: "available" },
  raw: sampleRecord
}
