import type RingCentral from "@rc-ex/core"
import RestException from "@rc-ex/core/RestException"
import SdkExtension from "@rc-ex/core/SdkExtension"
import { setTimeout as sleep } from "node:timers/promises"

/** As documented for the extension: retries at most, and the window where the answer does not tell it, in seconds. */
const retries = 3
const defaultWindow = 60

/**
 * What `@rc-ex/rate-limit` documents, which is a package of its own and not installed here: a refused request is sent again
 * after the window that the answer tells, after twice and after four times that, and then fails.
 */
export class RateLimitRule extends SdkExtension {
  async install(rc: RingCentral): Promise<void> {
    const send = rc.request.bind(rc)
    rc.request = async (...parameters) => {
      for (let attempt = 0; ; attempt++) {
        try {
          return await send(...parameters)
        } catch (error) {
          if (!(error instanceof RestException) || error.response.status !== 429 || attempt === retries) throw error
          const window = Number(error.response.headers["x-rate-limit-window"] ?? defaultWindow)
          await sleep(window * 1000 * 2 ** attempt)
        }
      }
    }
  }

  async revoke(): Promise<void> {}
}
