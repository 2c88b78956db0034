/** The pipeline as it is offered: sources that filter here, merged, in streams. */
import type { Ledger } from "@callreel/archive"
import { defineSource, mergeSources, NotFound, type RecordingSource } from "@callreel/recording"
import { Effect, Option, Stream } from "effect"
import { listedCapability } from "../listedSource.ts"
import { groupSize, writePage } from "./ledgerPages.ts"
import { direction, type Pages, window } from "./recordings.ts"

const sourceOf = ({ name, page }: Pages): RecordingSource => {
  const notThere = Effect.fail(new NotFound({ what: "the recording" }))
  return defineSource({
    name,
    provider: "generated",
    capability: { ...listedCapability, changes: false },
    list: () =>
      Stream.paginate(0, (index) =>
        Effect.map(
          Effect.promise(() => page(index)),
          (found) => [found ?? [], found === undefined ? Option.none() : Option.some(index + 1)] as const
        )
      ),
    get: () => notThere,
    find: () => notThere,
    audio: () => notThere,
    check: Effect.succeed({ permissions: [], limits: [] })
  })
}

const merged = (all: ReadonlyArray<Pages>) =>
  mergeSources(all.map(sourceOf), { ...window, direction, order: "oldest-first" })

export const count = (all: ReadonlyArray<Pages>): Promise<number> =>
  Effect.runPromise(
    Stream.runFold(
      merged(all),
      () => 0,
      (sum) => sum + 1
    )
  )

export const store = (all: ReadonlyArray<Pages>, ledger: Ledger): Promise<number> =>
  merged(all).pipe(
    Stream.grouped(groupSize),
    Stream.runFoldEffect(
      () => 0,
      (behind, page) => Effect.as(writePage(ledger, page, behind), behind + page.length)
    ),
    Effect.runPromise
  )
