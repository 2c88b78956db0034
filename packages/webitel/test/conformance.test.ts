import { conformance } from "@callreel/testkit/conformance"
import { startWebitel } from "@callreel/testkit/webitel"
import { make } from "@callreel/webitel"
import { afterAll } from "vitest"
import { settingsOf, webitelExpectations } from "./webitelExpectations.ts"

const webitel = await startWebitel({ seed: "conformance" })
afterAll(() => webitel.close())

conformance("Webitel", make(settingsOf(webitel)), webitelExpectations(webitel))
