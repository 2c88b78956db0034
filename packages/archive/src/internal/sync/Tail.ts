/** The last bytes of what went by. */
export class Tail {
  readonly #length: number
  #bytes: Uint8Array = new Uint8Array()

  constructor(length: number) {
    this.#length = length
  }

  add(piece: Uint8Array): void {
    const joined = piece.length >= this.#length ? piece : Buffer.concat([this.#bytes, piece])
    this.#bytes = joined.slice(Math.max(0, joined.length - this.#length))
  }

  bytes(): Uint8Array {
    return this.#bytes
  }
}
