import { readFileSync } from "node:fs"

/**
 * The most memory of this process that was ever resident, in MiB.
 *
 * From `/proc` where there is one: `maxRSS` begins at that of the process that started this one.
 */
export const mostResident = (): number => {
  try {
    const kibibytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]
    if (kibibytes !== undefined) return Number(kibibytes) / 1024
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS / 1024
}
