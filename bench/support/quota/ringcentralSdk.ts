import { SDK } from "@ringcentral/sdk"
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { createHash } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type { Client, Job } from "./Client.ts"
import { inParallel } from "./inParallel.ts"

const Recording = t.type({ id: t.string, contentUri: t.string })
const LogPage = t.intersection([
  t.type({ records: t.array(t.partial({ recording: Recording })) }),
  t.partial({ navigation: t.partial({ nextPage: t.type({ uri: t.string }) }) })
])

/** Which advice of the SDK's README on rate limits is followed; its samples follow none. */
export interface SdkUse {
  /** The SDK sends a refused request again after `Retry-After`, once. */
  readonly handleRateLimit: boolean
  /** The application asks for nothing new until the wait of a `rateLimitError` is over. */
  readonly holdBack: boolean
}

/**
 * The vendor's SDK: pages of the log, then each `contentUri`, as an ArrayBuffer of the answer.
 *
 * Its README's samples take `response()` of the answer, which 5.0.11 does not have: the answer is the Response itself.
 */
export const ringcentralSdk =
  ({ handleRateLimit, holdBack }: SdkUse): Client =>
  async (job) => {
    const { account, atOnce, failed, fetched } = job
    const { clientId, clientSecret, jwt, serverUrl } = account
    const sdk = new SDK({ server: serverUrl, clientId, clientSecret, handleRateLimit })
    let openAt = 0
    const platform = sdk.platform()
    platform.on(platform.events.rateLimitError, (error) => {
      const wait = "response" in error ? Number(error.response?.headers.get("retry-after")) : 0
      openAt = Math.max(openAt, performance.now() + wait * 1000)
    })
    const opening = async (): Promise<void> => {
      for (let wait = openAt - performance.now(); wait > 0; wait = openAt - performance.now()) await sleep(wait)
    }

    await sdk.login({ jwt })
    await inParallel(await list(sdk, job), atOnce, async ({ contentUri, id }) => {
      if (holdBack) await opening()
      try {
        const audio = await (await sdk.get(contentUri)).arrayBuffer()
        fetched(id, createHash("sha512").update(new Uint8Array(audio)).digest("hex"))
      } catch (error) {
        failed(reasonOf(error))
      }
    })
  }

const list = async (
  sdk: SDK,
  { account: { dateFrom, dateTo } }: Job
): Promise<ReadonlyArray<t.TypeOf<typeof Recording>>> => {
  const recordings: Array<t.TypeOf<typeof Recording>> = []
  const query = { dateFrom, dateTo, recordingType: "All", perPage: 1000 }
  let response = await sdk.get("/restapi/v1.0/account/~/call-log", query)
  while (true) {
    const page = LogPage.decode(await response.json())
    if (Either.isLeft(page)) throw new Error("the call log is not as documented")
    recordings.push(...page.right.records.flatMap(({ recording }) => recording ?? []))
    const next = page.right.navigation?.nextPage
    if (next === undefined) return recordings
    response = await sdk.get(next.uri)
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error && "response" in error && error.response instanceof Object && "status" in error.response
    ? `status ${String(error.response.status)}`
    : "other"
