/** A client as simple as can be: for the simulator's own tests, and for a look at what the server answers. */
import { isObject } from "./Json.ts"
import { startWebitel, type WebitelOptions, type WebitelSimulator } from "./Webitel.ts"

/** A row, whatever its fields. */
export type Item = Readonly<Record<string, unknown>>

/** Requests with the token in the server's own header; an address is below the server's. */
export const request = (
  { baseUrl, token }: Pick<WebitelSimulator, "baseUrl" | "token">,
  path: string,
  init: RequestInit = {}
): Promise<Response> => {
  const headers = new Headers(init.headers)
  if (!headers.has("x-webitel-access")) headers.set("x-webitel-access", token)
  return fetch(`${baseUrl}${path}`, { ...init, headers })
}

const itemsOf = (answer: Item): ReadonlyArray<Item> => {
  const items: ReadonlyArray<unknown> = Array.isArray(answer["items"]) ? answer["items"] : []
  return items.filter(isObject)
}

/** A page of the history: its rows, and whether there is another. */
export interface Page {
  readonly status: number
  readonly items: ReadonlyArray<Item>
  readonly next: boolean
  /** The id of an error. */
  readonly error: unknown
}

/** Asks for a page: by a query, or by a body where it is an object. */
export const history = async (
  simulator: Pick<WebitelSimulator, "baseUrl" | "token">,
  search: string | Readonly<Record<string, unknown>>
): Promise<Page> => {
  const address = "/api/calls/history"
  const response = await (typeof search === "string"
    ? request(simulator, `${address}?${search}`)
    : request(simulator, address, { method: "POST", body: JSON.stringify(search) }))
  const body: unknown = await response.json()
  const answer = isObject(body) ? body : {}
  return { status: response.status, items: itemsOf(answer), next: answer["next"] === true, error: answer["id"] }
}

/** Every row of a search, page after page. */
export const everyRow = async (
  simulator: Pick<WebitelSimulator, "baseUrl" | "token">,
  search: Readonly<Record<string, unknown>>
): Promise<ReadonlyArray<Item>> => {
  const rows: Array<Item> = []
  for (let page = 1; ; page += 1) {
    const { items, next } = await history(simulator, { ...search, page })
    rows.push(...items)
    if (!next) return rows
  }
}

/** The texts at a key of rows. */
export const textsAt = (items: ReadonlyArray<Item>, key: string): ReadonlyArray<string> =>
  items.map((item) => String(item[key]))

/** The files of a row; none where it has none, however that is written. */
export const filesOf = (item: Item | undefined): ReadonlyArray<Item> => {
  const files: ReadonlyArray<unknown> = Array.isArray(item?.["files"]) ? item["files"] : []
  return files.filter(isObject)
}

/** Simulators of one test file: started with a clock in summer 2026, closed together. */
export const makeSimulators = () => {
  const running: Array<WebitelSimulator> = []
  return {
    start: async (options: WebitelOptions = {}): Promise<WebitelSimulator> => {
      const simulator = await startWebitel({ now: () => new Date("2026-06-01T12:00:00Z"), ...options })
      running.push(simulator)
      return simulator
    },
    closeAll: async (): Promise<void> => {
      await Promise.all(running.splice(0).map((simulator) => simulator.close()))
    }
  }
}
