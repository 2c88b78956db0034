/**
 * Audio of another size than the vendor had reported: an answer that was cut short with a length that agrees, or a report
 * that is wrong. Two answers with the same bytes tell: those are what the vendor has.
 */
export class Doubt {
  readonly #reported: number | undefined
  #before: string | undefined

  /** `reported` in bytes; undefined where the vendor does not tell the size. */
  constructor(reported: number | undefined) {
    this.#reported = reported
  }

  /** Whether these bytes are to be taken: they are as many as reported, or came the time before, too. */
  isOver(bytes: number, sha512: string): boolean {
    const isOver = this.#reported === undefined || this.#reported === bytes || this.#before === sha512
    this.#before = sha512
    return isOver
  }
}
