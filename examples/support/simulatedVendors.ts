/** The vendors of the main job: three months of calls at each, and every tenth request meets a fault. */
import { faultKinds, faultPlan, generateCalls, type RequestEntry } from "@callreel/testkit"
import { startRingCentral } from "@callreel/testkit/ringcentral"
import { startVirtualPbx } from "@callreel/testkit/virtual-pbx"
import { startWebitel } from "@callreel/testkit/webitel"

/** A recording as its vendor has it, whatever a client made of it. */
export interface TrueRecording {
  readonly source: string
  readonly id: string
  /** Whether its audio can be had. */
  readonly isAvailable: boolean
  readonly bytes: number
  readonly sha512: () => string
}

/** Running simulators, and what is true of them. */
export interface SimulatedVendors {
  /** Where they are, for people. */
  readonly places: string
  /** The sources of a callreel.json. */
  readonly sources: Readonly<Record<string, object>>
  /** The secrets that the configuration names. */
  readonly env: Readonly<Record<string, string>>
  readonly truth: ReadonlyArray<TrueRecording>
  /** All requests so far, of each source. */
  readonly requests: Readonly<Record<string, ReadonlyArray<Readonly<RequestEntry>>>>
  /** How many there are so far. */
  readonly requestCounts: () => Readonly<Record<string, number>>
  readonly close: () => Promise<void>
}

/** Half-open: all simulated calls began in it. */
export const window = { from: "2026-01-01", to: "2026-04-01" }

const dates = { from: new Date(window.from), to: new Date(window.to) }
const faults = { seed: "main job", rate: 0.1, retryAfterSeconds: 0 }

/** Starts all three. */
export const startVendors = async (): Promise<SimulatedVendors> => {
  const [pbx, ringCentral, webitel] = await Promise.all([
    startVirtualPbx({ seed: "main job", faults: faultPlan(faults) }),
    startRingCentral({
      seed: "main job",
      world: generateCalls({ seed: "main job: RingCentral", ...dates, count: 150 }),
      // Ten Heavy requests a minute, and a minute that passes in a second.
      timeScale: 60,
      // Audio cut short with a length that agrees: nothing at this vendor tells how long it should be.
      faults: faultPlan({ ...faults, kinds: faultKinds.filter((kind) => kind !== "short-body") })
    }),
    startWebitel({
      seed: "main job",
      world: generateCalls({ seed: "main job: Webitel", ...dates, count: 150 }),
      // A fixed token that is refused stays refused, and a proxy's refusal names no time to wait for.
      faults: faultPlan({
        ...faults,
        kinds: faultKinds.filter((kind) => kind !== "expired-token" && kind !== "refusal")
      })
    })
  ])
  const common = { idleTimeout: "1 second" }
  const requests = {
    office: pbx.requests.entries,
    us: ringCentral.requests.entries,
    centre: webitel.requests.entries
  }
  return {
    places: `a virtual PBX at ${pbx.baseUrl}, RingCentral at ${ringCentral.serverUrl}, Webitel at ${webitel.baseUrl}`,
    sources: {
      office: {
        provider: "virtual-pbx",
        baseUrl: pbx.baseUrl,
        clientId: pbx.apps.client.clientId,
        clientSecret: { env: "PBX_SECRET" },
        storageOrigins: [pbx.storageOrigin],
        region: "RU",
        ...common
      },
      us: {
        provider: "ringcentral",
        serverUrl: ringCentral.serverUrl,
        mediaUrl: ringCentral.mediaUrl,
        clientId: ringCentral.app.clientId,
        clientSecret: { env: "RC_SECRET" },
        jwt: { env: "RC_JWT" },
        include: ["voicemail"],
        region: "US",
        ...common
      },
      centre: {
        provider: "webitel",
        baseUrl: webitel.baseUrl,
        accessToken: { env: "WEBITEL_TOKEN" },
        region: "UA",
        ...common
      }
    },
    env: {
      PBX_SECRET: pbx.apps.client.clientSecret,
      RC_SECRET: ringCentral.app.clientSecret,
      RC_JWT: ringCentral.app.jwt,
      WEBITEL_TOKEN: webitel.token
    },
    get truth() {
      return [
        ...pbx.truth.map((one) => trueRecording("office", one.recordUuid, one)),
        ...ringCentral.truth.map((one) => trueRecording("us", one.messageId ?? one.recordingId, one)),
        ...webitel.truth.map((one) => trueRecording("centre", one.fileId, one))
      ]
    },
    requests,
    requestCounts: () => Object.fromEntries(Object.entries(requests).map(([name, entries]) => [name, entries.length])),
    close: async () => {
      await Promise.all([pbx.close(), ringCentral.close(), webitel.close()])
    }
  }
}

const trueRecording = (
  source: string,
  id: string,
  { bytes, sha512, state }: { readonly bytes: number; readonly sha512: () => string; readonly state: string }
): TrueRecording => ({ source, id, isAvailable: state === "available", bytes, sha512 })
