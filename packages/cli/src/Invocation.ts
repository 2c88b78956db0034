import { Context } from "effect"
import type { Readable, Writable } from "node:stream"
import type { Providers } from "./providers.ts"

/** Everything one run of the command gets from outside: nothing below reads `process`. */
export class Invocation extends Context.Service<
  Invocation,
  {
    readonly env: Readonly<Record<string, string | undefined>>
    /** The working folder, absolute. */
    readonly cwd: string
    readonly stdin: Readable
    readonly stdout: Writable
    readonly stderr: Writable
    /** Which of the three is a terminal. */
    readonly isTerminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean }
    /** Width of the terminal in columns. */
    readonly columns: number | undefined
    readonly providers: Providers
    /** Secrets that this run has read, to be scrubbed from messages that callreel did not write. */
    readonly secrets: Set<string>
  }
>()("callreel/Invocation") {}
