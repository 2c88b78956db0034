/** What a simulator answers, as a value: the server sends it, or spoils it as a fault says. */

/** A body that is made as it is sent. */
export interface AnswerBody {
  /** In bytes; undefined where it is not known before: the body is then sent in chunks. */
  readonly length: number | undefined
  readonly pieces: () => Iterable<Uint8Array>
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: AnswerBody
  /** The body is sent no faster than this. Default: as fast as the client reads. */
  readonly bytesPerSecond?: number
}

/** No body at all. */
export const emptyBody: AnswerBody = { length: 0, pieces: () => [] }

/** A body that is there already. */
export const bytesBody = (bytes: Uint8Array): AnswerBody => ({ length: bytes.length, pieces: () => [bytes] })

/** An answer without body. */
export const emptyAnswer = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers,
  body: emptyBody
})

/** JSON of a value that is small enough to be made at once. */
export const jsonAnswer = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: bytesBody(new TextEncoder().encode(JSON.stringify(value)))
})

const titles: Readonly<Record<number, string>> = {
  200: "Welcome",
  401: "401 Authorization Required",
  403: "403 Forbidden",
  404: "404 Not Found",
  405: "405 Not Allowed",
  500: "500 Internal Server Error",
  502: "502 Bad Gateway",
  503: "503 Service Temporarily Unavailable"
}

/** The kind of page a web server or a gateway gives where a program expects something else. */
export const htmlAnswer = (status: number, headers: Readonly<Record<string, string>> = {}): Answer => {
  const title = titles[status] ?? String(status)
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<h1>${title}</h1>\r\n</body>\r\n</html>\r\n`
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8", ...headers },
    body: bytesBody(new TextEncoder().encode(page))
  }
}

const rowsPerPiece = 64

// Rows in runs, so that no piece is tiny and none holds the whole listing.
function* jsonPieces(rows: Iterable<unknown>): Generator<Uint8Array, void> {
  const encoder = new TextEncoder()
  let text = "["
  let run = 0
  let first = true
  for (const row of rows) {
    text += `${first ? "" : ","}${JSON.stringify(row)}`
    first = false
    run += 1
    if (run === rowsPerPiece) {
      yield encoder.encode(text)
      text = ""
      run = 0
    }
  }
  yield encoder.encode(`${text}]`)
}

/** A JSON array whose rows are made while it is sent, in chunks: it may be longer than memory. */
export const jsonRowsAnswer = (rows: () => Iterable<unknown>): Answer => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: { length: undefined, pieces: () => jsonPieces(rows()) }
})
