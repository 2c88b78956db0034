/** All benchmarks, in the order in which they run. The smoke test looks for a table of each. */
export const names = [
  "memory",
  "first-byte",
  "transport",
  "decode",
  "streams",
  "latency",
  "quota",
  "changes",
  "ledger",
  "files",
  "growth"
] as const

export type Name = (typeof names)[number]
