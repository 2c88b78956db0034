/** What the commands of the archive say to people. Pure. */
import type {
  ArchiveStatus,
  Match,
  ProofProblem,
  SyncPlan,
  SyncResult,
  VerifyProblem,
  VerifySummary
} from "@callreel/archive"
import { sizeText } from "./sizeText.ts"

/** A line a source, and the sentence of all. */
export const statusText = ({ bytes, sources, summary, suspect }: ArchiveStatus): string =>
  [
    ...sources.map(
      ({ source, ...counts }) =>
        `${source}: ${counts.archived.toLocaleString("en")} archived (${sizeText(counts.bytes)}), ` +
        `${counts.pending} pending, ${counts.failed} failed` +
        (counts.nextRetryAt === undefined ? "" : `; next try ${counts.nextRetryAt.toISOString()}`) +
        (counts.lastProof === undefined ? "" : `; proved ${counts.lastProof.at.toISOString()}`)
    ),
    `${summary}, ${sizeText(bytes)}`,
    ...(suspect === 0 ? [] : [`${suspect} suspect: the audio differs from what the vendor reported`]),
    ""
  ].join("\n")

/** What is missing, one line each, and the sentence. */
export const syncText = ({
  bytesFetched,
  fetched,
  notObtained,
  sources,
  stopped,
  summary,
  suspect
}: SyncResult): string =>
  [
    ...notObtained
      .slice(0, mostLines)
      .map(
        ({ id, reason, retryAt, source, state }) =>
          `${state}: ${source} ${id}${reason === undefined ? "" : ` (${reason})`}` +
          (state !== "pending" || retryAt === undefined ? "" : `, next try ${retryAt.toISOString()}`)
      ),
    ...(notObtained.length > mostLines ? [`… and ${notObtained.length - mostLines} more; --json lists them`] : []),
    ...sources.flatMap(({ proof }) => (proof === undefined ? [] : [`proof: ${proof}`])),
    ...(stopped === undefined ? [] : [`stopped early (${stopped}); run it again to go on`]),
    ...(suspect === 0 ? [] : [`${suspect} suspect: the audio differs from what the vendor reported`]),
    `${fetched.toLocaleString("en")} fetched now, ${sizeText(bytesFetched)}`,
    summary,
    ""
  ].join("\n")

const mostLines = 20

/** What a run would do, a line a source. */
export const planText = ({ sources, summary }: SyncPlan): string =>
  [
    ...sources.map(({ fetches, listed, problem, requests, seconds, source }) =>
      problem === undefined
        ? `${source}: ${listed.toLocaleString("en")} listed, ${fetches.toLocaleString("en")} to fetch, ` +
          `about ${requests.toLocaleString("en")} requests` +
          (seconds === undefined ? "" : `, at least ${seconds.toLocaleString("en")} s within the vendor's limits`)
        : `${source}: ${problem.message}`
    ),
    summary,
    ""
  ].join("\n")

/** A pair, or a recording that only one side has, in one line. */
export const matchText = (found: Match, left: string, right: string): string => {
  switch (found.match) {
    case "pair":
      return `pair: ${left} ${found.left.id} = ${right} ${found.right.id}\n`
    case "only-left":
      return `only in ${left}: ${found.recording.id}\n`
    case "only-right":
      return `only in ${right}: ${found.recording.id}\n`
  }
}

/** A problem in one line. */
export const problemText = ({ actual, expected, id, path, problem, source }: VerifyProblem): string =>
  `${problem}: ${path}${source === undefined ? "" : ` (${source} ${id ?? ""})`}: ${actual} instead of ${expected}\n`

/** What a verification found, in a sentence. */
export const verifySentence = ({ checked, good, problems }: VerifySummary): string =>
  `${figure(checked)} checked: ${figure(good)} good, ${figure(problems)} ${problems === 1 ? "problem" : "problems"}\n`

/** What is wrong with a proof, one line each; or that it holds. */
export const proofText = (problems: ReadonlyArray<ProofProblem>): string =>
  problems.length === 0
    ? "the proof holds\n"
    : problems.map(({ detail, problem }) => `${problem}: ${detail}\n`).join("")

const figure = (number: number): string => number.toLocaleString("en")
