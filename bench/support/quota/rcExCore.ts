import RingCentral from "@rc-ex/core"
import RestException from "@rc-ex/core/RestException"
import { createHash } from "node:crypto"
import type { Client, Job } from "./Client.ts"
import { inParallel } from "./inParallel.ts"
import { RateLimitRule } from "./RateLimitRule.ts"

/**
 * The vendor's newer SDK: pages of the log, then each `contentUri` with `rc.get`, as its README asks wherever an answer
 * names the address. (The generated `recording(id).content().get()` asks the platform's host, where there is no audio.)
 */
export const rcExCore =
  ({ rateLimitRule }: { readonly rateLimitRule: boolean }): Client =>
  async (job) => {
    const { account, atOnce, failed, fetched } = job
    const { clientId, clientSecret, jwt, serverUrl } = account
    const rc = new RingCentral({ server: serverUrl, clientId, clientSecret })
    if (rateLimitRule) await rc.installExtension(new RateLimitRule())

    await rc.authorize({ jwt })
    await inParallel(await list(rc, job), atOnce, async ({ contentUri, id }) => {
      try {
        const { data } = await rc.get<ArrayBuffer>(contentUri, undefined, { responseType: "arraybuffer" })
        fetched(id, createHash("sha512").update(new Uint8Array(data)).digest("hex"))
      } catch (error) {
        failed(error instanceof RestException ? `status ${error.response.status}` : "other")
      }
    })
  }

interface Listed {
  readonly id: string
  readonly contentUri: string
}

const list = async (rc: RingCentral, { account: { dateFrom, dateTo } }: Job): Promise<ReadonlyArray<Listed>> => {
  const recordings: Array<Listed> = []
  for (let page = 1; ; page++) {
    const query = { dateFrom, dateTo, recordingType: "All", perPage: 1000, page } as const
    const { navigation, records = [] } = await rc.restapi().account().callLog().list(query)
    for (const { recording } of records) {
      const { contentUri, id } = recording ?? {}
      if (contentUri !== undefined && id !== undefined) recordings.push({ contentUri, id })
    }
    if (navigation?.nextPage === undefined) return recordings
  }
}
