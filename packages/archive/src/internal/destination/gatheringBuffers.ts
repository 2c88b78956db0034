/** Bytes of one write: 256 KiB. */
export const gatheredBytes = 256 * 1024

/** So many buffers are kept for the next files. */
const mostKept = 64

/** Memory in which the bytes of a file are gathered until they are worth a write. */
export interface GatheringBuffers {
  readonly take: () => Uint8Array
  /** Gives one back, that nobody reads or writes any more. */
  readonly give: (buffer: Uint8Array) => void
}

/** Buffers that go from file to file: new ones for each would cost more than the bytes in them. */
export const makeGatheringBuffers = (): GatheringBuffers => {
  const free: Array<Uint8Array> = []
  return {
    take: () => free.pop() ?? new Uint8Array(gatheredBytes),
    give: (buffer) => {
      if (free.length < mostKept) free.push(buffer)
    }
  }
}
