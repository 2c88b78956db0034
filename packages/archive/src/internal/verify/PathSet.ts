import { hash } from "node:crypto"

/**
 * Paths that were seen, of any number: 16 bytes of memory each, twice that while it grows.
 *
 * It keeps 64 bits of a hash and not the path: among a million paths, that one is taken for seen that was not happens once
 * in about twenty million million times.
 */
export class PathSet {
  #slots = new BigUint64Array(1024)
  #size = 0

  add(path: string): void {
    if (this.#size * 2 >= this.#slots.length) this.#grow()
    if (insert(this.#slots, fingerprintOf(path))) this.#size += 1
  }

  has(path: string): boolean {
    const fingerprint = fingerprintOf(path)
    return this.#slots[slotOf(this.#slots, fingerprint)] === fingerprint
  }

  #grow(): void {
    const slots = new BigUint64Array(this.#slots.length * 2)
    for (const fingerprint of this.#slots) if (fingerprint !== free) insert(slots, fingerprint)
    this.#slots = slots
  }
}

const free = 0n

const insert = (slots: BigUint64Array, fingerprint: bigint): boolean => {
  const slot = slotOf(slots, fingerprint)
  const isNew = slots[slot] === free
  slots[slot] = fingerprint
  return isNew
}

/** Where the fingerprint is, else the free slot where it would be. */
const slotOf = (slots: BigUint64Array, fingerprint: bigint): number => {
  const mask = slots.length - 1
  let slot = Number(fingerprint & BigInt(mask))
  while (slots[slot] !== free && slots[slot] !== fingerprint) slot = (slot + 1) & mask
  return slot
}

const fingerprintOf = (path: string): bigint => {
  const fingerprint = Buffer.from(hash("sha256", path, "hex").slice(0, 16), "hex").readBigUInt64LE()
  return fingerprint === free ? 1n : fingerprint
}
