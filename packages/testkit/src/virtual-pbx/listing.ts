/** `GET …/record/` and `GET …/record/stats/`. */
import { type Answer, jsonAnswer, jsonRowsAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import { audioOfRecording } from "./audio.ts"
import { parseWindow } from "./datetime.ts"
import { badRequest } from "./errors.ts"
import type { Records, Scope } from "./records.ts"
import type { Settings } from "./settings.ts"

// Longer answers are made row by row while they are sent.
const mostRowsAtOnce = 1000

function* first(positions: Iterable<number>, take: number): Generator<number, void> {
  let left = take
  for (const position of positions) {
    yield position
    left -= 1
    if (left <= 0) return
  }
}

function* withRepeats<A>(items: Iterable<A>, repeats: number): Generator<A, void> {
  let left = repeats
  for (const item of items) {
    yield item
    if (left > 0) yield item
    left -= 1
  }
}

interface Page {
  readonly page: number
  readonly perPage: number
}

// As the query has it, within the cap; undefined where it is no positive whole number.
const pageOf = (query: URLSearchParams, pageCap: number): Page | undefined => {
  const page = query.get("page") ?? "1"
  const perPage = query.get("per_page") ?? String(pageCap)
  if (!/^[1-9]\d{0,8}$/.test(page) || !/^[1-9]\d{0,8}$/.test(perPage)) return undefined
  return { page: Number(page), perPage: Math.min(Number(perPage), pageCap) }
}

export interface Listing {
  readonly list: (request: SimulatorRequest, scope: Scope) => Answer
  readonly stats: (request: SimulatorRequest, scope: Scope) => Answer
}

/** The listing with its memory of pages that drift. */
export const makeListing = (settings: Settings, records: Records): Listing => {
  // Rows that came in at the top since a walk through pages began, by what the walk is through.
  const drifts = new Map<string, number>()
  const { pageCap, paging } = settings.listing

  const skipOf = ({ entry, fault, path, query }: SimulatorRequest, { page, perPage }: Page): number => {
    const walk = [path, query.get("start_datetime"), query.get("end_datetime"), query.get("order"), perPage].join(" ")
    if (page === 1) drifts.delete(walk)
    else if (fault?.kind === "drifting-page") {
      drifts.set(walk, (drifts.get(walk) ?? 0) + fault.rows)
      entry.fault = fault.kind
    }
    return Math.max(0, (page - 1) * perPage - (drifts.get(walk) ?? 0))
  }

  return {
    list: (request, scope) => {
      const { entry, fault, query } = request
      const window = parseWindow(query.get("start_datetime"), query.get("end_datetime"))
      if (typeof window === "string") return badRequest(window)
      const order = query.get("order") ?? "desc"
      if (order !== "asc" && order !== "desc") return badRequest("order must be asc or desc")
      const page = pageOf(query, pageCap)
      if (page === undefined) return badRequest("page and per_page must be positive")
      const skip = paging === "pages" ? skipOf(request, page) : 0
      const take = paging === "pages" ? page.perPage : paging === "ignores-page" ? pageCap : Infinity
      const chosen = first(records.inWindow(window, scope, order, skip), take)
      const repeats = fault?.kind === "repeated-rows" ? fault.rows : 0
      if (repeats > 0) entry.fault = "repeated-rows"
      const rows = function* (): Generator<unknown, void> {
        for (const position of withRepeats(chosen, repeats)) yield records.row(records.index.entry(position))
      }
      return take > mostRowsAtOnce ? jsonRowsAnswer(rows) : jsonAnswer(200, Array.from(rows()))
    },
    stats: ({ query }, scope) => {
      const window = parseWindow(query.get("start_datetime"), query.get("end_datetime"))
      if (typeof window === "string") return badRequest(window)
      const { statsFields } = settings
      let count = 0
      let size = 0
      for (const position of records.inWindow(window, scope, "asc")) {
        count += 1
        size += audioOfRecording(records.index.entry(position).recording).bytes
      }
      return jsonAnswer(200, { [statsFields.size]: size, [statsFields.count]: count })
    }
  }
}
