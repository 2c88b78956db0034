import { Command, Flag } from "effect/cli"

/** The command without its subcommands, and the options that all of them share. */
export const root = Command.make("callreel").pipe(
  Command.withSharedFlags({
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Machine-readable output: JSON on stdout (one line a recording), errors as JSON on stderr"),
      Flag.withoutNegation,
      Flag.withDefault(false)
    ),
    config: Flag.String("config").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("Configuration (default: callreel.json in the working folder)"),
      Flag.optional
    ),
    maxWait: Flag.Finite("max-wait").pipe(
      Flag.withMetavar("SECONDS"),
      Flag.withDescription("Longest wait for a request limit of a vendor (default: 120)"),
      Flag.filter(
        (seconds) => seconds >= 0,
        () => "a number of seconds, 0 or more"
      ),
      Flag.withDefault(120)
    ),
    noCache: Flag.Boolean("no-cache").pipe(
      Flag.withDescription("Keep no tokens and request history between runs"),
      Flag.withoutNegation,
      Flag.withDefault(false)
    )
  }),
  Command.withDescription("Every phone system's call recordings behind one command")
)
