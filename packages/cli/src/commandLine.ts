import type { Completions } from "effect/cli"

/** How an option is written and whether it takes a value. */
interface Option {
  readonly name: string
  readonly takesValue: boolean
}

/**
 * The command line with every option and its value in one word (`--number=+7…`, `--json=true`), so that the parser cannot
 * misread them: a value may begin with `-`, and a word after a switch is never taken for the switch's value.
 *
 * - A word after an option that takes a value is its value, unless it is itself an option of this command line.
 * - `-oFILE` is `--output=FILE`.
 * - Options may stand before the command, too, and `help list` is `list --help`.
 * - What follows `--` stays as it is.
 */
export const normaliseCommandLine = (
  argv: ReadonlyArray<string>,
  descriptor: Completions.CommandDescriptor
): ReadonlyArray<string> => {
  if (argv[0] === "help") return normaliseCommandLine([...argv.slice(1), "--help"], descriptor)
  const options = optionsOf(descriptor)
  const end = argv.indexOf("--")
  const words = end === -1 ? argv : argv.slice(0, end)
  const normal: Array<string> = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ""
    const { option, value } = readOption(word, options)
    const next = words[index + 1]
    if (option === undefined) {
      normal.push(word)
    } else if (!option.takesValue) {
      // A switch given twice says no more than once.
      const on = `--${option.name}=${value ?? "true"}`
      if (!normal.includes(on)) normal.push(on)
    } else if (value !== undefined) {
      normal.push(`--${option.name}=${value}`)
    } else if (next !== undefined && readOption(next, options).option === undefined) {
      normal.push(`--${option.name}=${next}`)
      index += 1
    } else {
      normal.push(word)
    }
  }
  const commandFirst = withCommandFirst(normal, descriptor)
  return end === -1 ? commandFirst : [...commandFirst, ...argv.slice(end)]
}

/** Options may stand before their command too: `--json list` and `--from=… list` are `list …`. */
const withCommandFirst = (
  words: ReadonlyArray<string>,
  { subcommands }: Completions.CommandDescriptor
): ReadonlyArray<string> => {
  const position = words.findIndex((word) => !word.startsWith("-"))
  const command = words[position]
  return command !== undefined && subcommands.some(({ name }) => name === command)
    ? [command, ...words.slice(0, position), ...words.slice(position + 1)]
    : words
}

/** Whether a normalised command line asks for JSON, also when nothing else in it can be understood. */
export const asksForJson = (normalised: ReadonlyArray<string>): boolean => {
  const end = normalised.indexOf("--")
  return (end === -1 ? normalised : normalised.slice(0, end)).includes("--json=true")
}

/** Every option of the command and of those beneath it, under each of its spellings. */
const optionsOf = (descriptor: Completions.CommandDescriptor): ReadonlyMap<string, Option> => {
  const options = new Map<string, Option>()
  const add = ({ flags, subcommands }: Completions.CommandDescriptor): void => {
    for (const flag of flags) {
      const option = { name: flag.name, takesValue: flag.type._tag !== "Boolean" }
      options.set(`--${flag.name}`, option)
      for (const alias of flag.aliases) options.set(alias.length === 1 ? `-${alias}` : `--${alias}`, option)
    }
    subcommands.forEach(add)
  }
  add(descriptor)
  return options
}

const readOption = (
  word: string,
  options: ReadonlyMap<string, Option>
): { readonly option?: Option; readonly value?: string } => {
  const whole = options.get(word)
  if (whole !== undefined) return { option: whole }
  const equals = word.indexOf("=")
  const named = equals === -1 ? undefined : options.get(word.slice(0, equals))
  if (named !== undefined) return { option: named, value: word.slice(equals + 1) }
  const short = /^-[^-]/.test(word) ? options.get(word.slice(0, 2)) : undefined
  return short?.takesValue === true ? { option: short, value: word.slice(2) } : {}
}
