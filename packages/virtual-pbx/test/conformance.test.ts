import { conformance } from "@callreel/testkit/conformance"
import { startVirtualPbx } from "@callreel/testkit/virtual-pbx"
import { afterAll } from "vitest"
import { make } from "@callreel/virtual-pbx"
import { pbxExpectations, settingsOf } from "./pbxExpectations.ts"

const hour = 3_600_000

const pbx = await startVirtualPbx({
  seed: "conformance",
  extraRecordings: [
    // The row of this one appears an hour from now.
    { startedAt: new Date(Date.now() - 3 * hour), visibleFrom: new Date(Date.now() + hour) }
  ]
})
afterAll(() => pbx.close())

conformance("the virtual PBX", make(settingsOf(pbx)), pbxExpectations(pbx))
