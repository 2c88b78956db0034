import type { Contender } from "./contenders.ts"

/** What came of everybody, by name. */
export interface Race<Run> {
  readonly runs: ReadonlyMap<string, ReadonlyArray<Run>>
  /** Why somebody has no row of figures: not installed, or it did not come to its end. */
  readonly without: ReadonlyMap<string, string>
  /** Those of ours that did not come to their end. */
  readonly broken: ReadonlyArray<string>
}

/** Everybody in turn, so many rounds. Whoever fails takes no further part. */
export const race = async <Run>(
  contenders: ReadonlyArray<Contender>,
  rounds: number,
  runOnce: (contender: Contender) => Promise<Run>
): Promise<Race<Run>> => {
  const runs = new Map<string, ReadonlyArray<Run>>()
  const without = new Map<string, string>()
  const broken: Array<string> = []
  for (const { missing, name } of contenders) if (missing !== undefined) without.set(name, missing)
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      const { isOurs, name, once } = contender
      if (without.has(name) || (once === true && round > 0)) continue
      try {
        runs.set(name, [...(runs.get(name) ?? []), await runOnce(contender)])
      } catch (error) {
        const reason = `did not come to its end: ${String(error).replaceAll(/\s+/g, " ").slice(0, 200)}`
        without.set(name, reason)
        if (isOurs === true) broken.push(`${name} ${reason}`)
      }
    }
  }
  return { runs, without, broken }
}
