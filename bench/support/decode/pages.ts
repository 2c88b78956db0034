/** A page of a thousand rows of each vendor: what its simulator answers to the adapter's own request. */
import { generateCalls } from "@callreel/testkit"
import { startRingCentral } from "@callreel/testkit/ringcentral"
import { startVirtualPbx } from "@callreel/testkit/virtual-pbx"
import { startWebitel } from "@callreel/testkit/webitel"
import type * as Wire from "../../../packages/webitel/src/internal/wire.ts"
import { internal } from "./internal.ts"
import { isObject, parse } from "./json.ts"

const { fields } = await internal<typeof Wire>("webitel/dist/internal/wire.js", "fields")

/** Rows of every page. */
export const pageRows = 1000

/** An answer, and the recordings that are in it by what the simulator knows, not by what it answers. */
export interface Page {
  readonly bytes: Uint8Array
  readonly recordingIds: ReadonlySet<string>
}

const from = new Date("2026-01-01T00:00:00Z")
const to = new Date("2026-02-15T00:00:00Z")

/** More than fill a page, of a window that is long over. */
const world = generateCalls({ seed: "decode", from, to, count: 1300 })
const now = () => new Date("2026-05-01T00:00:00Z")

const bytesOf = async (answer: Response): Promise<Uint8Array> => {
  if (!answer.ok) throw new Error(`a simulator answered ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())
}

const tokenOf = async (url: string, init: RequestInit): Promise<string> => {
  const answer: unknown = await (await fetch(url, { ...init, method: "POST" })).json()
  return isObject(answer) ? String(answer["access_token"]) : ""
}

/** The ids of the rows below a key of an answer. */
const idsOf = (bytes: Uint8Array, key: string): ReadonlySet<string> => {
  const answer = parse(bytes)
  const rows: ReadonlyArray<unknown> = isObject(answer) && Array.isArray(answer[key]) ? answer[key] : []
  return new Set(rows.map((row) => (isObject(row) ? String(row["id"]) : "")))
}

/** A page of `/record/`. */
export const virtualPbxPage = async (): Promise<Page> => {
  const pbx = await startVirtualPbx({ seed: "decode", world, now, listing: { pageCap: pageRows } })
  const { clientId, clientSecret } = pbx.apps.client
  const token = await tokenOf(`${pbx.baseUrl}/oauth/token`, {
    body: new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret })
  })
  const query = new URLSearchParams({
    start_datetime: "2026-01-01 00:00:00",
    end_datetime: "2026-02-15 00:00:00",
    order: "asc",
    page: "1",
    per_page: String(pageRows)
  })
  const bytes = await bytesOf(
    await fetch(`${pbx.baseUrl}/api/ver1.0/client/@me/record/?${query.toString()}`, {
      headers: { authorization: `Bearer ${token}` }
    })
  )
  const listed = pbx.truth.filter(({ row }) => row !== undefined).slice(0, pageRows)
  await pbx.close()
  return { bytes, recordingIds: new Set(listed.map(({ recordUuid }) => recordUuid)) }
}

/** A page of the call log in the Detailed view: records with their legs. */
export const ringcentralPage = async (): Promise<Page> => {
  const vendor = await startRingCentral({ seed: "decode", world, now })
  const { clientId, clientSecret, jwt } = vendor.app
  const token = await tokenOf(`${vendor.serverUrl}/restapi/oauth/token`, {
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: jwt })
  })
  const query = new URLSearchParams({
    view: "Detailed",
    dateFrom: from.toISOString(),
    dateTo: to.toISOString(),
    recordingType: "All",
    perPage: String(pageRows)
  })
  const bytes = await bytesOf(
    await fetch(`${vendor.serverUrl}/restapi/v1.0/account/~/call-log?${query.toString()}`, {
      headers: { authorization: `Bearer ${token}` }
    })
  )
  const rows = idsOf(bytes, "records")
  const listed = vendor.truth.filter(
    ({ callRecordIds, kind }) => kind !== "voicemail" && callRecordIds.some((id) => rows.has(id))
  )
  await vendor.close()
  return { bytes, recordingIds: new Set(listed.map(({ recordingId }) => recordingId)) }
}

/** A page of the call history with the fields that the adapter asks for. */
export const webitelPage = async (): Promise<Page> => {
  const vendor = await startWebitel({ seed: "decode", world, now })
  const bytes = await bytesOf(
    await fetch(`${vendor.baseUrl}/api/calls/history`, {
      method: "POST",
      headers: { "x-webitel-access": vendor.token, "content-type": "application/json" },
      body: JSON.stringify({
        created_at: { from: from.getTime(), to: to.getTime() },
        skip_parent: false,
        fields,
        // The adapter reads by ids, all pages of a window. One page by itself holds whole calls only in this order.
        sort: "created_at",
        page: 1,
        size: pageRows
      })
    })
  )
  const rows = idsOf(bytes, "items")
  const listed = vendor.truth.filter(
    ({ callId, state }) => state !== "removed" && state !== "expired" && rows.has(callId)
  )
  await vendor.close()
  return { bytes, recordingIds: new Set(listed.map(({ fileId }) => fileId)) }
}
