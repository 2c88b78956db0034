/** Gathers bytes into parts of one size. What remains is never empty once a part was taken. */
export class PartBuffer {
  readonly #partSize: number
  #pieces: Array<Buffer> = []
  #size = 0

  constructor(partSize: number) {
    this.#partSize = partSize
  }

  /** Takes bytes, which the caller may change afterwards, and gives the parts that are full and not the last. */
  *add(bytes: Uint8Array): Generator<Uint8Array> {
    this.#pieces.push(Buffer.from(bytes))
    this.#size += bytes.length
    if (this.#size <= this.#partSize) return
    let all = this.#take()
    for (; all.length > this.#partSize; all = all.subarray(this.#partSize)) yield all.subarray(0, this.#partSize)
    this.#pieces = [Buffer.from(all)]
    this.#size = all.length
  }

  /** What is left: the last part, or all of a file that is no larger than one. */
  rest(): Uint8Array {
    return this.#take()
  }

  #take(): Buffer {
    const [first] = this.#pieces
    const all = first !== undefined && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#size = 0
    return all
  }
}
