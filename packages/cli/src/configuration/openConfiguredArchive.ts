import type { Archive, Layout, ProofKey } from "@callreel/archive"
import { Effect, Redacted } from "effect"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { CommandError } from "../failure/Failure.ts"
import { configuration } from "./openSources.ts"
import { resolveSecrets } from "./secrets.ts"

/** An archive with how files are laid out in it, and the key that proofs are signed with. */
export interface ConfiguredArchive {
  readonly archive: Archive
  readonly layout: Layout
  readonly proofKey?: ProofKey
}

/**
 * Opens the archive of the configuration, for a command. Where there is none yet: `make` one, `fail`, or `pretend` that
 * there is an empty one, for a look that leaves no traces.
 */
export const openConfiguredArchive = Effect.fnUntraced(function* (
  command: string,
  whereMissing: "make" | "fail" | "pretend" = "fail"
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
  const opening = openArchive({
    url: options.url,
    base: folder,
    whereMissing: whereMissing === "make" ? "make" : "fail",
    ...(ledger && { ledger })
  })
  const archive = yield* whereMissing === "pretend"
    ? Effect.catchIf(
        opening,
        ({ reason }) => reason === "NotFound",
        () => Effect.flatMap(temporaryFolder, (url) => openArchive({ url }))
      )
    : opening
  return { archive, layout, ...(proofKey && { proofKey }) } satisfies ConfiguredArchive
})

/** A folder for as long as the scope is open. */
const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "callreel-dry-run-"))),
  (made) => Effect.promise(() => rm(made, { recursive: true, force: true }))
)

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
