import { Clock, Effect, Option, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import { mkdir, open } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import { sourcesInArchive } from "../configuration/archivedSources.ts"
import { openConfiguredArchive } from "../configuration/openConfiguredArchive.ts"
import { describeSystemError } from "../destination/systemError.ts"
import { CommandError, usageError } from "../failure/Failure.ts"
import { Invocation } from "../Invocation.ts"
import { jsonLine } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { sizeText } from "../output/sizeText.ts"
import { root } from "../root.ts"
import { readVersion } from "../version.ts"
import { sourceFlag, time } from "./parameters.ts"

const place = (name: string, metavar: string, description: string) =>
  Flag.String(name).pipe(Flag.withMetavar(metavar), Flag.withDescription(description), Flag.optional)

/** `callreel export`: the archive in the forms that others read. */
export const exportCommand = Command.make(
  "export",
  {
    bagit: place("bagit", "DIR", "A bag (RFC 8493) with audio, vCons and proofs"),
    ndjson: place(
      "ndjson",
      "FILE",
      "Every recording and what the archive has of it, one JSON object a line; - is stdout"
    ),
    vcon: place("vcon", "DIR", "The vCons alone"),
    source: sourceFlag,
    from: time("from", "Calls that started at this time or later"),
    to: time("to", "Calls that started before this time")
  },
  Effect.fnUntraced(function* (input) {
    const { print } = yield* Output
    const { cwd } = yield* Invocation
    const chosen = [input.bagit, input.ndjson, input.vcon].filter(Option.isSome)
    if (chosen.length !== 1) {
      return yield* usageError("export", "name one of --bagit DIR, --ndjson FILE and --vcon DIR")
    }
    const { archive } = yield* openConfiguredArchive("export")
    const { exportBag, exportNdjson, exportVcons } = yield* Effect.promise(() => import("@callreel/archive"))
    const query = {
      ...archive,
      ...(input.source.length > 0 && { sources: yield* sourcesInArchive("export", archive, input.source) }),
      ...(Option.isSome(input.from) && { from: input.from.value }),
      ...(Option.isSome(input.to) && { to: input.to.value })
    }
    if (Option.isSome(input.bagit)) {
      const bag = input.bagit.value
      const now = new Date(yield* Clock.currentTimeMillis)
      const tool = `callreel ${readVersion()}`
      const result = yield* exportBag({ ...query, folder: resolve(cwd, bag), now, tool })
      const amount = `${result.recordings} recordings, ${result.files} files, ${sizeText(result.bytes)}`
      yield* tell({ ...result, bag }, `${bag}: ${amount}\n`)
    }
    if (Option.isSome(input.vcon)) {
      const folder = input.vcon.value
      const { bytes, files } = yield* exportVcons({ ...query, folder: resolve(cwd, folder) })
      yield* tell({ folder, files, bytes }, `${folder}: ${files} vCons, ${sizeText(bytes)}\n`)
    }
    if (Option.isSome(input.ndjson)) {
      const file = input.ndjson.value
      const lines = exportNdjson(query)
      if (file === "-") return yield* Stream.runForEachArray(lines, (page) => print(page.join("")))
      const recordings = yield* writeLines(resolve(cwd, file), lines)
      yield* tell({ file, recordings }, `${file}: ${recordings} recordings\n`)
    }
  }, Effect.scoped)
).pipe(
  Command.withDescription("Export the archive: as a bag, as one list, or as vCons"),
  Command.withExamples([
    { command: "callreel export --bagit bag", description: "Everything, for any BagIt validator" },
    { command: "callreel export --ndjson - --from 2026-01-01 --to 2026-02-01", description: "A month's list" }
  ])
)

/** What was exported: the sentence, or with `--json` the object and the sentence on stderr. */
const tell = Effect.fnUntraced(function* (form: object, sentence: string) {
  const { json } = yield* root
  const { note, print } = yield* Output
  if (json) yield* print(jsonLine(form))
  yield* (json ? note : print)(sentence)
})

/** Writes lines into a new file and counts them. */
const writeLines = <E>(path: string, lines: Stream.Stream<string, E>): Effect.Effect<number, E | CommandError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const attempt = <A>(run: () => Promise<A>) => Effect.tryPromise({ try: run, catch: cannotWrite(path) })
      yield* attempt(() => mkdir(dirname(path), { recursive: true }))
      const file = yield* Effect.acquireRelease(
        // Numbers and names of people: for the owner alone.
        attempt(() => open(path, "wx", 0o600)),
        (opened) => Effect.promise(() => opened.close())
      )
      let count = 0
      yield* Stream.runForEachArray(lines, (page) => {
        count += page.length
        return attempt(() => file.appendFile(page.join("")))
      })
      yield* attempt(() => file.sync())
      return count
    })
  )

const cannotWrite =
  (path: string) =>
  (cause: unknown): CommandError =>
    new CommandError({
      reason: "Destination",
      operation: "export",
      detail: `${path} cannot be written: ${describeSystemError(cause)}`
    })
