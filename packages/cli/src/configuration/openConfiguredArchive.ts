import type { Archive, Layout, ProofKey } from "@callreel/archive"
import { Effect, Redacted } from "effect"
import { CommandError } from "../failure/Failure.ts"
import { locationWithoutTraces } from "./locationWithoutTraces.ts"
import { configuration } from "./openSources.ts"
import { resolveSecrets } from "./secrets.ts"

/** An archive with how files are laid out in it, and the key that proofs are signed with. */
export interface ConfiguredArchive {
  readonly archive: Archive
  readonly layout: Layout
  readonly proofKey?: ProofKey
}

/** Opens the archive of the configuration, for a command; `onlyLook` leaves no trace of it where there is none yet. */
export const openConfiguredArchive = Effect.fnUntraced(function* (
  command: string,
  { onlyLook = false }: { readonly onlyLook?: boolean } = {}
) {
  const { archive: options, folder } = yield* configuration
  if (options === undefined) {
    return yield* new CommandError({
      reason: "InvalidOptions",
      operation: command,
      detail: "no archive is configured",
      remedy: `add "archive": { "url": "file:./archive" } to the configuration`
    })
  }
  const ledger = yield* textOf("ledger", options.ledger, folder)
  const key = yield* textOf("proofKey", options.proofKey, folder)
  // Loaded by the commands of the archive alone.
  const { makeLayout, openArchive, readProofKey } = yield* Effect.promise(() => import("@callreel/archive"))
  const layout = yield* makeLayout(options.template)
  const proofKey = key === undefined ? undefined : yield* readProofKey(Redacted.value(key))
  const location = { url: options.url, base: folder, ...(ledger && { ledger }) }
  const archive = yield* openArchive(onlyLook ? yield* locationWithoutTraces(location) : location)
  return { archive, layout, ...(proofKey && { proofKey }) } satisfies ConfiguredArchive
})

/** A text of the configuration, or the secret that it names. */
const textOf = Effect.fnUntraced(function* (option: string, value: unknown, folder: string) {
  if (value === undefined) return undefined
  const resolved = yield* resolveSecrets(value, { option: `archive.${option}`, folder })
  if (typeof resolved === "string" && resolved !== "") return Redacted.make(resolved)
  if (Redacted.isRedacted(resolved)) {
    const secret = Redacted.value(resolved)
    if (typeof secret === "string") return Redacted.make(secret)
  }
  return yield* new CommandError({
    reason: "InvalidOptions",
    operation: "configure",
    detail: `archive.${option}: must be a text, or a secret: { "env": "NAME" } or { "file": "path" }`
  })
})
