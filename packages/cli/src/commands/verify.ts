import type { Archive, VerifyProblem, VerifyResult, VerifySummary } from "@callreel/archive"
import { Clock, Effect, Option, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import { sourcesInArchive } from "../configuration/archivedSources.ts"
import { openConfiguredArchive } from "../configuration/openConfiguredArchive.ts"
import { describeSystemError } from "../destination/systemError.ts"
import { ExitCode } from "../failure/exitCode.ts"
import { AlreadyReported, usageError } from "../failure/Failure.ts"
import { Invocation } from "../Invocation.ts"
import { proofForm, verifyForm } from "../output/archiveForms.ts"
import { problemText, proofText, verifySentence } from "../output/archiveText.ts"
import { jsonLine } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { root } from "../root.ts"
import { sourceFlag, time } from "./parameters.ts"

/** Most problems of the one JSON object; the summary tells how many there are. */
const mostProblems = 100_000

/** `callreel verify`: reads the archive again and compares; or checks a proof. */
export const verify = Command.make(
  "verify",
  {
    source: sourceFlag,
    since: time("since", "Only what was archived at this time or later"),
    sample: Flag.String("sample").pipe(
      Flag.withMetavar("PART"),
      Flag.withDescription("Only a part of the recordings, such as 5%; another one on another day"),
      Flag.filterMap(
        (text) => Option.fromNullishOr(parsePart(text)),
        () => "a part such as 5% or 0.05"
      ),
      Flag.optional
    ),
    repair: Flag.Boolean("repair").pipe(
      Flag.withDescription("Have what is missing or changed fetched again by the next sync"),
      Flag.withoutNegation,
      Flag.withDefault(false)
    ),
    proof: Flag.String("proof").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("Check this proof against the archive, instead of the files"),
      Flag.optional
    ),
    key: Flag.String("key").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription("Public key or certificate (PEM) that the proof must be signed with"),
      Flag.optional
    )
  },
  Effect.fnUntraced(function* (input) {
    if (Option.isSome(input.key) && Option.isNone(input.proof)) {
      return yield* usageError("verify", "--key goes with --proof", "for example --proof proof.json --key public.pem")
    }
    const { archive } = yield* openConfiguredArchive("verify")
    if (Option.isSome(input.proof)) return yield* verifyProof(archive, input.proof.value, input.key)
    const now = new Date(yield* Clock.currentTimeMillis)
    const { verifyArchive } = yield* Effect.promise(() => import("@callreel/archive"))
    const results = verifyArchive({
      ...archive,
      now,
      repair: input.repair,
      ...(input.source.length > 0 && { sources: yield* sourcesInArchive("verify", archive, input.source) }),
      ...(Option.isSome(input.since) && { since: input.since.value }),
      ...(Option.isSome(input.sample) && {
        sample: { fraction: input.sample.value, seed: now.toISOString().slice(0, 10) }
      })
    })
    const { problems, summary } = yield* report(results)
    const { json } = yield* root
    const { note, print } = yield* Output
    if (json) yield* print(jsonLine(verifyForm(summary, problems)))
    yield* (json ? note : print)(verifySentence(summary))
    if (summary.problems > 0) return yield* new AlreadyReported({ exitCode: ExitCode.wrongData })
  }, Effect.scoped)
).pipe(
  Command.withDescription("Read the archive again and compare: missing, changed and unknown files (exit code 6)"),
  Command.withExamples([
    { command: "callreel verify", description: "Everything; recordings found good may be pruned at their vendor" },
    { command: "callreel verify --sample 5%", description: "A part, each day another one" },
    {
      command: "callreel verify --proof archive/proofs/us/20260101T000000Z_20260201T000000Z.json --key proof.pem",
      description: "A proof, and who signed it"
    }
  ])
)

/** Prints problems as they are found; with `--json`, keeps them for the one object. */
const report = Effect.fnUntraced(function* <E>(results: Stream.Stream<VerifyResult, E>) {
  const { json } = yield* root
  const { print } = yield* Output
  const problems: Array<VerifyProblem> = []
  let summary: VerifySummary = { checked: 0, good: 0, problems: 0 }
  yield* Stream.runForEach(results, (result) => {
    if (result.result === "summary") {
      summary = result.summary
      return Effect.void
    }
    if (!json) return print(problemText(result.problem))
    if (problems.length < mostProblems) problems.push(result.problem)
    return Effect.void
  })
  return { problems, summary }
})

const verifyProof = Effect.fnUntraced(function* (archive: Archive, file: string, key: Option.Option<string>) {
  const { json } = yield* root
  const { print } = yield* Output
  const { checkProof } = yield* Effect.promise(() => import("@callreel/archive"))
  const bytes = yield* readOr(file, "--proof")
  const signature = yield* Effect.option(readOr(file.replace(/\.json$/, ".jws"), "--proof"))
  const publicKey = Option.isSome(key) ? (yield* readOr(key.value, "--key")).toString("utf8") : undefined
  const problems = yield* checkProof(archive, bytes, {
    ...(Option.isSome(signature) && { signature: signature.value.toString("utf8") }),
    ...(publicKey !== undefined && { publicKey })
  })
  yield* print(json ? jsonLine(proofForm(file, problems)) : proofText(problems))
  if (problems.length > 0) return yield* new AlreadyReported({ exitCode: ExitCode.wrongData })
})

const readOr = Effect.fnUntraced(function* (file: string, option: string) {
  const { cwd } = yield* Invocation
  return yield* Effect.tryPromise({
    try: () => readFile(resolve(cwd, file)),
    catch: (cause) => usageError("verify", `${option}: ${file} cannot be read: ${describeSystemError(cause)}`)
  })
})

const parsePart = (text: string): number | undefined => {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)\s*(%)?$/.exec(text.trim()) ?? []
  const part = Number(digits) / (percent === undefined ? 1 : 100)
  return part > 0 && part <= 1 ? part : undefined
}
