/**
 * The first and last byte that a Range header asks for; the first may lie beyond the file. Undefined where the header is
 * to be ignored: not one range of bytes, or one that ends before it begins.
 */
export const parseRange = (header: string | undefined, length: number): readonly [number, number] | undefined => {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? []
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined
  if (first === "") return Number(last) === 0 ? [length, length - 1] : [Math.max(0, length - Number(last)), length - 1]
  if (last !== "" && Number(last) < Number(first)) return undefined
  return [Number(first), last === "" ? length - 1 : Math.min(Number(last), length - 1)]
}
