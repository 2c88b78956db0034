import { conformance } from "@callreel/testkit/conformance"
import { startRingCentral } from "@callreel/testkit/ringcentral"
import { make } from "@callreel/ringcentral"
import { afterAll } from "vitest"
import { rcExpectations, settingsOf, wideLimits } from "./rcExpectations.ts"

const hour = 3_600_000

const vendor = await startRingCentral({
  seed: "conformance",
  ...wideLimits,
  extraRecordings: [
    // The record of this one is in the log, its recording is attached an hour from now.
    {
      startedAt: new Date(Date.now() - 3 * hour),
      visibleFrom: new Date(Date.now() - 2 * hour),
      attachedAt: new Date(Date.now() + hour)
    }
  ]
})
afterAll(() => vendor.close())

conformance("RingCentral", make(settingsOf(vendor)), rcExpectations(vendor))
