import { fileExtensionOf, RecordingError, type RecordingSource, safeFileName, Truncated } from "@callreel/recording"
import { Effect, Option, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import { createHash } from "node:crypto"
import { resolve } from "node:path"
import { openSource } from "../configuration/openSources.ts"
import { openFileDestination } from "../destination/FileDestination.ts"
import { ofSource } from "../failure/Failure.ts"
import { Invocation } from "../Invocation.ts"
import { type FetchedForm, jsonLine } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { makeProgress } from "../output/Progress.ts"
import { root } from "../root.ts"
import { askingVendors } from "../vendorRequests.ts"
import { idArgument, referenceFlags, referenceOf, sourceArgument } from "./parameters.ts"

/** `callreel fetch`: the audio of one recording, into a file or to stdout. */
export const fetch = Command.make(
  "fetch",
  {
    source: sourceArgument,
    id: idArgument,
    ...referenceFlags,
    output: Flag.String("output").pipe(
      Flag.withAlias("o"),
      Flag.withMetavar("FILE"),
      Flag.withDescription("Where to; - is standard output (default: <id>.<extension> in the working folder)"),
      Flag.optional
    ),
    force: Flag.Boolean("force").pipe(
      Flag.withDescription("Overwrite the file if it exists"),
      Flag.withoutNegation,
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* (input) {
    const { json } = yield* root
    const { note, print } = yield* Output
    const source = yield* openSource("fetch", input.source)
    const fetched = yield* receive(source, input).pipe(Effect.mapError(ofSource(source.name)))
    if (fetched.file === "-") {
      // Stdout is the audio's alone.
      if (json) yield* note(jsonLine(fetched))
    } else {
      yield* print(json ? jsonLine(fetched) : `${fetched.file}\n`)
    }
  }, askingVendors("interactive"))
).pipe(
  Command.withDescription("Fetch the audio of one recording"),
  Command.withExamples([
    {
      command: "callreel fetch office 468944-C7C39313",
      description: "Into the working folder; prints the file's name"
    },
    {
      command: "callreel fetch office 468944-C7C39313 -o call.mp3 --force",
      description: "Into a file, overwriting it"
    },
    { command: "callreel fetch office 468944-C7C39313 -o - | ffplay -", description: "To another program" }
  ])
)

interface Request {
  readonly id: string
  readonly session: Option.Option<string>
  readonly startedAt: Option.Option<Date>
  readonly output: Option.Option<string>
  readonly force: boolean
}

const receive = (source: RecordingSource, request: Request) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { id } = request
      // Opened before the vendor is asked for anything, where it is known: a destination that refuses costs no request.
      const named = Option.isSome(request.output)
        ? yield* openDestination(request.output.value, request.force)
        : undefined
      const audio = yield* source.audio(referenceOf(request))
      const destination =
        named ?? (yield* openDestination(`${safeFileName(id)}.${fileExtensionOf(audio.mediaType)}`, request.force))
      const progress = yield* makeProgress(destination.file, audio.bytes)
      const hash = createHash("sha512")
      let bytes = 0
      yield* Stream.runForEach(audio.stream, (part) => {
        hash.update(part)
        bytes += part.byteLength
        return Effect.andThen(destination.write(part), progress.advance(part.byteLength))
      })
      if (audio.bytes !== undefined && audio.bytes !== bytes) {
        const reason = new Truncated({ expected: audio.bytes, received: bytes })
        return yield* new RecordingError({ source: source.name, operation: "audio", reason })
      }
      yield* destination.commit
      const fetched: FetchedForm = {
        source: source.name,
        id,
        file: destination.file,
        mediaType: audio.mediaType,
        bytes,
        sha512: hash.digest("hex")
      }
      return fetched
    })
  )

/** A destination by its name as given: `-`, or a file relative to the working folder. */
const openDestination = Effect.fnUntraced(function* (file: string, force: boolean) {
  if (file === "-") {
    const { print } = yield* Output
    return { file, write: print, commit: Effect.void }
  }
  const { cwd } = yield* Invocation
  return { file, ...(yield* openFileDestination(resolve(cwd, file), force)) }
})
