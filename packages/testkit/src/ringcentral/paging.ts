/** Pages of a list as the vendor tells them: totals only where asked for, the next page by its address. */
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import type { Addresses } from "./addresses.ts"
import type { JsonObject } from "./RingCentralOptions.ts"
import type { Settings } from "./settings.ts"

export interface PageRequest {
  /** The whole path of the list, with numbers in place of `~`. */
  readonly resource: string
  readonly page: number
  readonly perPage: number
  /** Parameters that addresses of pages name even where the request did not. */
  readonly defaults: Readonly<Record<string, string>>
}

export interface Page<A> {
  readonly uri: string
  readonly items: ReadonlyArray<A>
  readonly paging: JsonObject
  readonly navigation: JsonObject
}

export interface Pager {
  /** The page of the matching items; no more of them are looked at than needed. */
  readonly take: <A>(request: SimulatorRequest, matching: Iterable<A>, page: PageRequest) => Page<A>
}

interface Slice<A> {
  readonly items: ReadonlyArray<A>
  readonly more: boolean
  /** Undefined unless all were to be counted. */
  readonly total: number | undefined
}

const sliceOf = <A>(matching: Iterable<A>, skip: number, take: number, countAll: boolean): Slice<A> => {
  const items: Array<A> = []
  let seen = 0
  for (const item of matching) {
    seen += 1
    if (seen > skip && seen <= skip + take) items.push(item)
    if (seen > skip + take && !countAll) break
  }
  return { items, more: seen > skip + take, total: countAll ? seen : undefined }
}

const pagingOf = ({ page, perPage }: PageRequest, { items, total }: Slice<unknown>): JsonObject => ({
  perPage,
  ...(items.length === 0
    ? {}
    : { page, pageStart: (page - 1) * perPage, pageEnd: (page - 1) * perPage + items.length - 1 }),
  ...(total === undefined ? {} : { totalPages: Math.ceil(total / perPage), totalElements: total })
})

const withRepeats = <A>(items: ReadonlyArray<A>, { entry, fault }: SimulatorRequest): ReadonlyArray<A> => {
  if (fault?.kind !== "repeated-rows") return items
  entry.fault = fault.kind
  return items.flatMap((item, place) => (place < fault.rows ? [item, item] : [item]))
}

/** Pages with their memory of walks that drift. */
export const makePager = ({ totals }: Pick<Settings, "totals">, addresses: Addresses): Pager => {
  // Rows that came in at the top since a walk through pages began, by what the walk is through.
  const drifts = new Map<string, number>()

  const skipOf = ({ entry, fault, query }: SimulatorRequest, { page, perPage, resource }: PageRequest): number => {
    const walk = new URLSearchParams(query)
    walk.delete("page")
    const key = `${resource}?${walk.toString()}`
    if (page === 1) drifts.delete(key)
    else if (fault?.kind === "drifting-page") {
      drifts.set(key, (drifts.get(key) ?? 0) + fault.rows)
      entry.fault = fault.kind
    }
    return Math.max(0, (page - 1) * perPage - (drifts.get(key) ?? 0))
  }

  const navigationOf = (request: SimulatorRequest, asked: PageRequest, slice: Slice<unknown>): JsonObject => {
    const { page, perPage, resource } = asked
    const address = (number: number): JsonObject => {
      const parameters = new URLSearchParams(request.query)
      for (const [name, value] of Object.entries(asked.defaults)) {
        if (!parameters.has(name)) parameters.set(name, value)
      }
      parameters.set("page", String(number))
      parameters.set("perPage", String(perPage))
      return { uri: addresses.navigation(`${resource}?${parameters.toString()}`) }
    }
    return {
      firstPage: address(1),
      ...(slice.more ? { nextPage: address(page + 1) } : {}),
      ...(page > 1 ? { previousPage: address(page - 1) } : {}),
      ...(slice.total === undefined ? {} : { lastPage: address(Math.max(1, Math.ceil(slice.total / perPage))) })
    }
  }

  return {
    take: (request, matching, asked) => {
      const slice = sliceOf(matching, skipOf(request, asked), asked.perPage, totals)
      return {
        uri: addresses.navigation(`${asked.resource}?${request.query.toString()}`),
        items: withRepeats(slice.items, request),
        paging: pagingOf(asked, slice),
        navigation: navigationOf(request, asked, slice)
      }
    }
  }
}
