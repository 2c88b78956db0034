/** The proofs in an archive. */
import { Proof, sentenceOf } from "@callreel/archive"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { filesIn } from "./archivedFiles.ts"

/** A proof and where it is. */
export interface StoredProof {
  readonly path: string
  readonly proof: Proof
}

/** The latest proof of every source and window. Fails where a file is none. */
export const proofsIn = (archive: string): ReadonlyArray<StoredProof> =>
  filesIn(join(archive, "proofs"))
    .filter((name) => name.endsWith(".json") && !name.includes("/replaced/"))
    .map((name) => {
      const path = join(archive, "proofs", name)
      const proof: unknown = JSON.parse(readFileSync(path, "utf8"))
      if (!Proof.is(proof)) throw new Error(`${path} is no proof`)
      return { path, proof }
    })

/** What a proof says, and where it says it. */
export const proofText = ({ path, proof }: StoredProof): string => {
  const { from, slices, source, to, vendor } = proof
  const lines = [
    `${source}, ${from} to ${to}: ${sentenceOf(proof)}`,
    `  in ${path}, with a hash of the ids of each of ${slices.length} days`
  ]
  if (vendor === undefined) return lines.join("\n")
  const { bytes, recordings } = vendor.difference
  return [
    ...lines,
    `  the vendor's own statistics: ${vendor.recordings} recordings (${comparison(recordings, "listed")}), ` +
      `${vendor.bytes} bytes (${comparison(bytes, "archived")})`
  ].join("\n")
}

const comparison = (difference: number, what: string): string =>
  difference === 0 ? `as ${what}` : `${Math.abs(difference)} ${difference > 0 ? "more" : "fewer"} than ${what}`
