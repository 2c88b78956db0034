import type { FaultKind } from "./Fault.ts"

/** What kind of credentials a request carried; never the credentials themselves. */
export type CredentialKind = "none" | "basic" | "bearer" | "other"

/** One request as the simulator saw it. The last five fields are filled in while it is answered. */
export interface RequestEntry {
  /** 1 for the first request of the simulator, whichever of its servers got it. */
  readonly number: number
  /** Which of the simulator's servers (`api`, `storage`). */
  readonly server: string
  /** The simulator's name of the operation (`list`, `file`, …), `unknown` where there is none. */
  readonly route: string
  /** By the simulator's clock. */
  readonly time: Date
  readonly method: string
  readonly path: string
  /** As sent, without the question mark. */
  readonly query: string
  readonly credentials: CredentialKind
  /** The Range header, where there was one. */
  readonly range: string | undefined
  /** Absent until headers are sent, and for ever where the connection was reset before. */
  status: number | undefined
  /** The fault that was really done to this request. */
  fault: FaultKind | undefined
  /** Bytes of the body handed to the socket; the writer waits for a slow reader, so this grows as the reader reads. */
  bytesSent: number
  /** The client went away before the answer was complete. */
  aborted: boolean
  /** Nothing more will be sent. */
  finished: boolean
}

/** Every request of a simulator, in order of arrival. */
export interface RequestLog {
  readonly entries: ReadonlyArray<Readonly<RequestEntry>>
  /** The requests of one route, or of several. */
  readonly of: (...routes: ReadonlyArray<string>) => ReadonlyArray<Readonly<RequestEntry>>
  /** Forgets the requests so far; the numbers go on. */
  readonly clear: () => void
}

/** What the server writes into: the log, and the way to begin an entry. */
export interface WritableRequestLog extends RequestLog {
  readonly begin: (
    request: Omit<RequestEntry, "number" | "status" | "fault" | "bytesSent" | "aborted" | "finished">
  ) => RequestEntry
}

/** An empty log; `limit` (default 1,000,000) bounds what is kept, the oldest are dropped. */
export const makeRequestLog = (limit = 1_000_000): WritableRequestLog => {
  const entries: Array<RequestEntry> = []
  let number = 0
  return {
    entries,
    of: (...routes) => entries.filter((entry) => routes.includes(entry.route)),
    clear: () => {
      entries.length = 0
    },
    begin: (request) => {
      number += 1
      const entry: RequestEntry = {
        ...request,
        number,
        status: undefined,
        fault: undefined,
        bytesSent: 0,
        aborted: false,
        finished: false
      }
      entries.push(entry)
      // Dropped in bulk: shifting one by one would cost more with every request.
      if (entries.length > limit * 1.1) entries.splice(0, entries.length - limit)
      return entry
    }
  }
}
