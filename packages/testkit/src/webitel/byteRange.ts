/** The Range header as the storage reads it. */

/** The first byte, and the one after the last. */
export type ByteRange = readonly [first: number, after: number]

/**
 * The part of a file of `size` bytes that a header asks for. `whole` where it asks for none, or for several; `malformed`
 * where it cannot be read; `beyond` where no byte of the file is in it.
 */
export const parseRange = (header: string | undefined, size: number): ByteRange | "whole" | "malformed" | "beyond" => {
  if (header === undefined || header === "") return "whole"
  const [unit, specification] = header.split(/=(.*)/s)
  if (unit !== "bytes" || specification === undefined) return "malformed"
  const parts = specification.split(",").map((part) => part.trim())
  const ranges = parts.filter((part) => part !== "").map((part) => parsePart(part, size))
  if (ranges.includes(undefined)) return "malformed"
  const overlapping = ranges.filter((range) => range !== undefined && range[0] < size)
  const [only] = overlapping
  if (only === undefined) return ranges.length === 0 ? "whole" : "beyond"
  return overlapping.length === 1 ? only : "whole"
}

const parsePart = (part: string, size: number): ByteRange | undefined => {
  const [, first, last] = /^(\d*)-(\d*)$/.exec(part) ?? []
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined
  if (first === "") return [Math.max(0, size - Number(last)), size]
  if (last === "") return [Number(first), size]
  return Number(last) < Number(first) ? undefined : [Number(first), Math.min(Number(last) + 1, size)]
}
