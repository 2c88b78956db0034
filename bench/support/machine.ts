import { cpus, loadavg, totalmem } from "node:os"
import { peerVersions } from "./peers.ts"

/** Where and when figures were taken. */
export interface Machine {
  /** ISO 8601, UTC. */
  readonly date: string
  readonly node: string
  readonly cores: number
  readonly processor: string
  readonly memoryGib: number
  /** Processes that wanted a processor in the last minute: others' work makes every time longer. */
  readonly load: number
  /** Versions of the programs that ours are compared with. */
  readonly peers: Readonly<Record<string, string>>
}

/** This machine, now. */
export const machineNow = (): Machine => ({
  date: new Date().toISOString(),
  node: process.version,
  cores: cpus().length,
  processor: cpus()[0]?.model ?? "unknown",
  memoryGib: Math.round(totalmem() / 2 ** 30),
  load: loadavg()[0] ?? Number.NaN,
  peers: peerVersions()
})

/** In one line. */
export const machineText = ({ cores, date, load, memoryGib, node, peers, processor }: Machine): string =>
  [
    date.slice(0, 10),
    `Node ${node}`,
    `${cores} × ${processor}`,
    `${memoryGib} GiB`,
    `load ${load.toFixed(1)}`,
    ...Object.entries(peers).map(([name, version]) => `${name} ${version}`)
  ].join(", ")
