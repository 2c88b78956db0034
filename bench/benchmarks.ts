import { changes } from "./changes.ts"
import { decode } from "./decode.ts"
import { files } from "./files.ts"
import { firstByte } from "./firstByte.ts"
import { growth } from "./growth.ts"
import { latency } from "./latency.ts"
import { ledger } from "./ledger.ts"
import { memory } from "./memory.ts"
import type { Name } from "./names.ts"
import { quota } from "./quota.ts"
import { streams } from "./streams.ts"
import { type Outcome, outcomeOf, type Row } from "./support/table.ts"
import { transport } from "./transport.ts"

interface Options {
  /** The small variant, that shows that it works; its figures say little. */
  readonly quick: boolean
}

/** Runs one benchmark. */
export type Benchmark = (options: Options) => Promise<Outcome>

const ofRows =
  (name: Name, rows: (options: Options) => Promise<ReadonlyArray<Row>>): Benchmark =>
  async (options) =>
    outcomeOf(name, await rows(options))

/** Every benchmark by its name. */
export const benchmarks: Readonly<Record<Name, Benchmark>> = {
  memory: ofRows("memory", memory),
  "first-byte": firstByte,
  transport: ofRows("transport", transport),
  decode,
  streams,
  latency,
  quota,
  changes: ofRows("changes", changes),
  ledger,
  files,
  growth: ofRows("growth", growth)
}
