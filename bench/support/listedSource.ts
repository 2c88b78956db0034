import type { Capability } from "@callreel/recording"

/** Of the sources that benchmarks make up: they list and change, and have audio by id. */
export const listedCapability: Capability = {
  changes: true,
  link: false,
  stats: false,
  remove: false,
  removeWindow: false,
  requestArchive: false,
  notification: false,
  listByDirection: "here",
  listByNumber: "here",
  listByExtension: "here",
  listByQueue: "here",
  listOrder: "oldest-first",
  findByCallId: false,
  findByEvent: false,
  audioWithRange: false,
  hasBytes: true,
  hasDuration: true,
  hasChecksum: false,
  hasMediaType: true,
  hasQueue: true,
  getIsSlow: false,
  audioRequests: 1
}
