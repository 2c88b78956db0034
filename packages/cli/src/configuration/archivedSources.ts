import { usageError } from "../failure/Failure.ts"
import { Effect } from "effect"
import { openConfiguredArchive } from "./openConfiguredArchive.ts"
import { configuration } from "./openSources.ts"

/** The archived recordings of the named sources, else of all, as sources; and the span of their calls. */
export const archivedSources = Effect.fnUntraced(function* (command: string, names: ReadonlyArray<string>) {
  const { archive } = yield* openConfiguredArchive(command)
  const { archiveSource } = yield* Effect.promise(() => import("@callreel/archive"))
  const known = yield* archive.ledger.sources
  const configured = new Map((yield* configuration).sources.map(({ name, provider }) => [name, provider]))
  const unknown = names.find((name) => !known.includes(name) && !configured.has(name))
  if (unknown !== undefined) {
    return yield* usageError(command, `the archive has no source "${unknown}"`, `it has: ${known.join(", ")}`)
  }
  const chosen = names.length === 0 ? known : [...new Set(names)]
  const spans = yield* Effect.forEach(chosen, archive.ledger.span)
  const starts = spans.flatMap((span) => (span === undefined ? [] : [span.first.getTime(), span.last.getTime()]))
  return {
    sources: chosen.map((name) => archiveSource(archive, name, configured.get(name) ?? "archive")),
    ...(starts.length > 0 && {
      span: {
        from: new Date(starts.reduce((first, start) => Math.min(first, start), Infinity)),
        to: new Date(starts.reduce((last, start) => Math.max(last, start), 0) + 1)
      }
    })
  }
})
