import type { Destination } from "./Destination.ts"
import type { Ledger } from "./Ledger.ts"

/** Files and what is known of them. `openArchive` makes one. */
export interface Archive {
  readonly destination: Destination
  readonly ledger: Ledger
}
