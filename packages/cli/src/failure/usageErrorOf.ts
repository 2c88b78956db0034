import { nearest } from "@callreel/recording"
import type { CliError } from "effect/cli"
import { type CommandError, usageError } from "./Failure.ts"

/**
 * The first thing wrong with a command line, in one sentence; the rest mostly follows from it. `sharedOptions` are those
 * that every command has, which the parser does not think of when it looks for what was meant.
 */
export const usageErrorOf = (
  error: CliError.CliError,
  command: string,
  sharedOptions: ReadonlyArray<string>
): CommandError => {
  const first = error._tag === "ShowHelp" ? error.errors[0] : error
  const help = command === "callreel" ? "callreel --help" : `callreel ${command} --help`
  const remedy = `see \`${help}\``
  switch (first?._tag) {
    case undefined:
      return usageError(command, "a command is missing", remedy)
    case "UnknownSubcommand":
      return usageError(command, `unknown command "${first.subcommand}"${didYouMean(first.suggestions)}`, remedy)
    case "UnrecognizedOption":
      return usageError(
        command,
        `unknown option ${first.option}${didYouMean(meant(first, sharedOptions))}`,
        first.option.startsWith("--") ? remedy : `${remedy}; an id that begins with "-" goes after "--"`
      )
    case "MissingOption":
      return usageError(command, `--${first.option} is missing`, remedy)
    case "MissingArgument":
      return usageError(command, `${first.argument.toUpperCase()} is missing`, remedy)
    case "UnexpectedArgument":
      // What was typed may be a phone number: how many is enough to find it.
      return usageError(command, `${first.arguments.length} more argument(s) than ${command} takes`, remedy)
    case "InvalidValue": {
      const name = first.kind === "flag" ? `--${first.option}` : first.option.toUpperCase()
      return usageError(command, `${name}: ${expectation(first)}`, remedy)
    }
    default:
      return usageError(command, first?.message ?? "the command line is not understood", remedy)
  }
}

const meant = (
  { option, suggestions }: CliError.UnrecognizedOption,
  sharedOptions: ReadonlyArray<string>
): ReadonlyArray<string> => {
  if (suggestions.length > 0 || !option.startsWith("--")) return suggestions
  const known = nearest(option.slice(2), sharedOptions)
  return known === undefined ? [] : [`--${known}`]
}

const didYouMean = (suggestions: ReadonlyArray<string>): string =>
  suggestions.length === 0 ? "" : `; did you mean ${suggestions.join(" or ")}?`

const expectation = (error: CliError.InvalidValue): string => {
  if (error.expected === "at most 1 value") return "can be given once only"
  if (error.value === "") return `needs a value (${error.expected})`
  return `must be ${error.expected}`
}
