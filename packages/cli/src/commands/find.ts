import type { CallReference } from "@callreel/recording"
import { Effect, FileSystem, Option, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import { resolve } from "node:path"
import { text as readText } from "node:stream/consumers"
import { openSource } from "../configuration/openSources.ts"
import { describeSystemError } from "../destination/systemError.ts"
import { type CommandError, usageError } from "../failure/Failure.ts"
import { Invocation } from "../Invocation.ts"
import { printRecordings } from "../output/printRecordings.ts"
import { askingVendors } from "../vendorRequests.ts"
import { eventOf } from "./event.ts"
import { sourceArgument } from "./parameters.ts"

/** `callreel find`: the recordings of one call, by its id or by an event of the vendor. */
export const find = Command.make(
  "find",
  {
    source: sourceArgument,
    call: Flag.String("call").pipe(
      Flag.withMetavar("ID"),
      Flag.withDescription("Any id that the vendor gives the call"),
      Flag.optional
    ),
    event: Flag.String("event").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("The vendor's event: JSON, a form body or a query string; - is standard input"),
      Flag.optional
    )
  },
  Effect.fnUntraced(function* (input) {
    const call = yield* callOf(input)
    const source = yield* openSource("find", input.source)
    const recordings = yield* source.find(call)
    yield* printRecordings(Stream.fromIterable(recordings), [source])
  }, askingVendors("interactive"))
).pipe(
  Command.withDescription("Find the recordings of one call"),
  Command.withExamples([
    { command: "callreel find office --call 1b2c3d4e-5f60", description: "By the vendor's call id" },
    { command: "callreel find office --event - < hangup.txt", description: "By the event that the vendor sent" }
  ])
)

const callOf = ({
  call,
  event
}: {
  readonly call: Option.Option<string>
  readonly event: Option.Option<string>
}): Effect.Effect<CallReference, CommandError, FileSystem.FileSystem | Invocation> => {
  if (Option.isSome(call) && Option.isNone(event)) return Effect.succeed({ id: call.value })
  if (Option.isSome(event) && Option.isNone(call)) return readEvent(event.value)
  return Effect.fail(
    usageError("find", Option.isSome(call) ? "--call and --event exclude each other" : "--call or --event is missing")
  )
}

const readEvent = Effect.fnUntraced(function* (file: string) {
  const { cwd, stdin } = yield* Invocation
  const cannotRead = (error: unknown) =>
    usageError("find", `--event: ${file} cannot be read: ${describeSystemError(error)}`)
  const text =
    file === "-"
      ? yield* Effect.tryPromise({ try: () => readText(stdin), catch: cannotRead })
      : yield* Effect.mapError((yield* FileSystem.FileSystem).readFileString(resolve(cwd, file)), cannotRead)
  const event = eventOf(text)
  return event === undefined ? yield* usageError("find", `--event: ${file} is empty`) : { event }
})
