/**
 * Where a text stops being JSON, as line and column (both from 1), and what is wrong there; undefined where it is JSON.
 *
 * `JSON.parse` does not always tell the place, and its messages quote the text, which may hold secrets.
 */
export const jsonProblem = (text: string): JsonProblem | undefined => {
  const problem = new Scanner(text).document()
  if (problem === undefined) return undefined
  const before = text.slice(0, problem.at).split("\n")
  return { line: before.length, column: (before.at(-1) ?? "").length + 1, detail: problem.detail }
}

export interface JsonProblem {
  readonly line: number
  readonly column: number
  readonly detail: string
}

interface Problem {
  readonly at: number
  readonly detail: string
}

const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const space = /[ \t\r\n]*/y

class Scanner {
  private at = 0
  private readonly text: string
  constructor(text: string) {
    this.text = text
  }

  document(): Problem | undefined {
    return this.value() ?? (this.peek() === "" ? undefined : this.problem("the end of the file"))
  }

  private value(): Problem | undefined {
    const first = this.peek()
    if (first === "{") return this.members()
    if (first === "[") return this.items()
    if (first === '"') return this.take(string) ? undefined : this.problem("text that ends with a quote on its line")
    return this.take(literal) ? undefined : this.problem("a value")
  }

  private members(): Problem | undefined {
    return this.list("}", () => {
      this.peek()
      if (!this.take(string)) return this.problem("a name in double quotes")
      if (this.peek() !== ":") return this.problem('":"')
      this.at += 1
      return this.value()
    })
  }

  private items(): Problem | undefined {
    return this.list("]", () => this.value())
  }

  private list(close: string, element: () => Problem | undefined): Problem | undefined {
    this.at += 1
    if (this.peek() === close) {
      this.at += 1
      return undefined
    }
    for (;;) {
      const problem = element()
      if (problem !== undefined) return problem
      const next = this.peek()
      if (next !== "," && next !== close) return this.problem(`"," or "${close}"`)
      this.at += 1
      if (next === close) return undefined
    }
  }

  /** Skips space and looks at the next character; empty at the end. */
  private peek(): string {
    this.take(space)
    return this.text.charAt(this.at)
  }

  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found !== null) this.at += found[0].length
    return found !== null
  }

  private problem(expected: string): Problem {
    const comment = this.text.startsWith("//", this.at) || this.text.startsWith("/*", this.at)
    return { at: this.at, detail: comment ? "JSON has no comments" : `expected ${expected}` }
  }
}
