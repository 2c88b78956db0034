import type { Archive } from "@callreel/archive"
import { Effect } from "effect"
import { usageError } from "../failure/Failure.ts"
import { openConfiguredArchive } from "./openConfiguredArchive.ts"
import { configuration } from "./openSources.ts"

/**
 * The sources that a command names, each once; without names, all that the archive has. Fails where one is neither in the
 * archive nor configured: nothing found would say nothing.
 */
export const sourcesInArchive = Effect.fnUntraced(function* (
  command: string,
  { ledger }: Pick<Archive, "ledger">,
  names: ReadonlyArray<string>
) {
  const known = yield* ledger.sources
  const configured = (yield* configuration).sources.map(({ name }) => name)
  const unknown = names.find((name) => !known.includes(name) && !configured.includes(name))
  if (unknown !== undefined) {
    const all = [...new Set([...known, ...configured])].join(", ")
    return yield* usageError(command, `no source "${unknown}" is in the archive or configured`, `there are: ${all}`)
  }
  return names.length === 0 ? known : [...new Set(names)]
})

/** What an archive without any call spans. */
const nothing = { from: new Date(0), to: new Date(1) }

/** The archived recordings of the named sources, else of all, as sources; and the span of their calls. */
export const archivedSources = Effect.fnUntraced(function* (command: string, names: ReadonlyArray<string>) {
  const { archive } = yield* openConfiguredArchive(command)
  const { archiveSource } = yield* Effect.promise(() => import("@callreel/archive"))
  const chosen = yield* sourcesInArchive(command, archive, names)
  const configured = new Map((yield* configuration).sources.map((source) => [source.name, source]))
  const spans = yield* Effect.forEach(chosen, archive.ledger.span)
  const starts = spans.flatMap((span) => (span === undefined ? [] : [span.first.getTime(), span.last.getTime()]))
  return {
    sources: chosen.map((name) => {
      const { options, provider = "archive" } = configured.get(name) ?? {}
      const region = options?.["region"]
      return archiveSource(archive, { name, provider, ...(typeof region === "string" && { region }) })
    }),
    span:
      starts.length === 0
        ? nothing
        : {
            from: new Date(starts.reduce((first, start) => Math.min(first, start), Infinity)),
            to: new Date(starts.reduce((last, start) => Math.max(last, start), -Infinity) + 1)
          }
  }
})
