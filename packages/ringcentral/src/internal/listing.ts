/** Reading the call log page by page (docs/vendors/ringcentral.md#paging). */
import { InvalidResponse, type Reason, type TimeWindow } from "@callreel/recording"
import { Effect, Option, Stream } from "effect"
import type { Api } from "./api.ts"
import { startOfRecord } from "./callTimes.ts"
import type { LogPage, LogRecord } from "./wire.ts"

/** The last page that the vendor numbers. */
const lastPage = 1000

/** How a listing goes on: with the page that the last one named, or with the rest of the window. */
export type Step =
  | { readonly kind: "page"; readonly url: string }
  | { readonly kind: "window"; readonly to: Date }
  | { readonly kind: "end" }
  | { readonly kind: "problem"; readonly problem: InvalidResponse }

/** Where a listing stands: the addresses that were read, and the window that is left. */
export interface Position {
  readonly read: ReadonlySet<string>
  readonly to: Date
}

/**
 * Decides how to go on after a page. Totals are not relied on, as they are often missing, and pages may be short: there
 * is another page where the answer names one. Past the last numbered page the window is asked for anew, up to the
 * earliest call so far; what started in that millisecond comes again.
 */
export const stepAfter = (page: LogPage, { read, to }: Position): Step => {
  const next = page.navigation?.nextPage?.uri
  if ((page.paging?.page ?? 0) >= lastPage && (next || page.records.length > 0)) return afterLastPage(page, to)
  if (!next) return { kind: "end" }
  return read.has(next) ? problem("leads to a page that was read already") : { kind: "page", url: next }
}

/** Whether the last numbered page names another or not: there may be more than it can number. */
const afterLastPage = ({ navigation, records }: LogPage, to: Date): Step => {
  const earliest = records.reduce((least, record) => Math.min(least, startOfRecord(record).getTime()), Infinity)
  if (earliest + 1 < to.getTime()) return { kind: "window", to: new Date(earliest + 1) }
  return navigation?.nextPage?.uri ? problem("more than a million calls within one millisecond") : { kind: "end" }
}

const problem = (detail: string): Step => ({
  kind: "problem",
  problem: new InvalidResponse({ path: "navigation.nextPage.uri", detail })
})

interface Cursor extends Position {
  readonly url: string | undefined
}

const beginningOf = ({ to }: { readonly to: Date }): Cursor => ({ url: undefined, to, read: new Set() })

/** Pages of the records whose call began in the window, newest first. A record may come again. */
export const listPages = (
  api: Pick<Api, "log" | "logPage">,
  window: TimeWindow,
  recorded: boolean
): Stream.Stream<ReadonlyArray<LogRecord>, Reason> =>
  Stream.paginate(beginningOf(window), (cursor) =>
    Effect.gen(function* () {
      const { value: page } = yield* cursor.url === undefined
        ? api.log({ from: window.from, to: cursor.to, recorded })
        : api.logPage(cursor.url)
      const step = stepAfter(page, cursor)
      switch (step.kind) {
        case "problem":
          return yield* step.problem
        case "end":
          return [[page.records], Option.none<Cursor>()] as const
        case "window":
          return [[page.records], Option.some(beginningOf(step))] as const
        case "page":
          return [
            [page.records],
            Option.some<Cursor>({ ...cursor, url: step.url, read: new Set([...cursor.read, step.url]) })
          ] as const
      }
    })
  )
