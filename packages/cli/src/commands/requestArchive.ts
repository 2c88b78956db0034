import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { openSource } from "../configuration/openSources.ts"
import { usageError } from "../failure/Failure.ts"
import { archiveRequestForm, jsonLine } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { root } from "../root.ts"
import { askingVendors } from "../vendorRequests.ts"
import { sourceArgument, windowFlags, windowOf } from "./parameters.ts"

/** `callreel request-archive`: asks the vendor to pack a window and to send the link by e-mail. */
export const requestArchive = Command.make(
  "request-archive",
  {
    source: sourceArgument,
    ...windowFlags,
    email: Flag.String("email").pipe(
      Flag.withMetavar("ADDRESS[,ADDRESS]"),
      Flag.withDescription("Who gets the link; may be given several times (required)"),
      Flag.atLeast(0)
    )
  },
  Effect.fnUntraced(function* (input) {
    const { json } = yield* root
    const window = yield* windowOf("request-archive", input)
    const emails = addressesOf(input.email)
    if (emails.length === 0) return yield* usageError("request-archive", "--email is missing")
    if (!emails.every(isAddress))
      return yield* usageError("request-archive", "--email: must be e-mail addresses, a@b.example[,c@d.example]")
    const source = yield* openSource("request-archive", input.source)
    yield* source.requestArchive({ ...window, emails })
    const text = `accepted: the link goes to ${emails.join(", ")}\n`
    yield* (yield* Output).print(json ? jsonLine(archiveRequestForm(source.name, window, emails)) : text)
  }, askingVendors("interactive"))
).pipe(
  Command.withDescription("Ask the vendor to pack a window and to e-mail a link"),
  Command.withExamples([
    {
      command:
        "callreel request-archive office --from 2026-03-01 --to 2026-04-01 --email ann@example.com,bob@example.com",
      description: "March, for two people"
    }
  ])
)

const addressesOf = (values: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(
    values
      .flatMap((value) => value.split(","))
      .map((address) => address.trim())
      .filter((address) => address !== "")
  )
]

const isAddress = (text: string): boolean => /^[^\s@,]+@[^\s@,]+$/.test(text)
