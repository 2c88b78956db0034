/** Numbers as those see them who may not see them. */

/** Numbers of at least `least` characters keep `prefix` and `suffix` of them; the rest become asterisks. */
export interface NumberMask {
  readonly least: number
  readonly prefix: number
  readonly suffix: number
}

/** A number behind a mask; as it is without one. */
export const maskNumber = (mask: NumberMask | undefined, number: string): string => {
  if (mask === undefined || number.length < mask.least) return number
  const hidden = Math.max(0, number.length - mask.prefix - mask.suffix)
  return number.slice(0, mask.prefix) + "*".repeat(hidden) + number.slice(mask.prefix + hidden)
}
