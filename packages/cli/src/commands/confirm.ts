import { Effect } from "effect"
import { Flag } from "effect/cli"
import { createInterface } from "node:readline"
import { usageError } from "../failure/Failure.ts"
import { Invocation } from "../Invocation.ts"

/** `--yes`, of commands that cannot be undone. */
export const yesFlag = Flag.Boolean("yes").pipe(
  Flag.withAlias("y"),
  Flag.withDescription("Do not ask; needed where nobody can be asked"),
  Flag.withoutNegation,
  Flag.withDefault(false)
)

/** Asks on a terminal, and fails where the answer is not yes or nobody can be asked. */
export const confirm = Effect.fnUntraced(function* (command: string, question: string) {
  const { isTerminal, stdin, stderr } = yield* Invocation
  if (!isTerminal.stdin || !isTerminal.stderr) {
    return yield* usageError(command, "nobody can be asked whether to delete it", "--yes deletes without asking")
  }
  const answer = yield* Effect.callback<string>((resume) => {
    // Not in raw mode: an interrupt key stays a signal to the process.
    const lines = createInterface({ input: stdin, output: stderr, terminal: false })
    lines.once("close", () => resume(Effect.succeed("")))
    lines.question(`${question} [y/N] `, (line) => {
      resume(Effect.succeed(line))
      lines.close()
    })
    return Effect.sync(() => lines.close())
  })
  if (!/^y(es)?$/i.test(answer.trim())) return yield* usageError(command, "not confirmed; nothing was deleted")
})
