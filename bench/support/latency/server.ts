/**
 * Started by the benchmark of latency: an HTTP server whose answers come so many milliseconds after their requests. Told
 * anything, it says when the first request came since it was last asked, and how long answers really waited.
 *
 * It reads no more of a request than where it ends, and answers each alike with one write, so that the waiting is all that
 * it costs: `node:http` takes three times as long.
 */
import { createServer, type Socket } from "node:net"

const [delayText = "0", bytesText = "0"] = process.argv.slice(2)
const delay = Number(delayText)

/** Begins like MP3, so that nobody takes it for something else. */
const content = Buffer.alloc(Number(bytesText), 7)
content.set([0xff, 0xfb, 0x90, 0x64])
const head = `HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ncontent-length: ${content.length}\r\n\r\n`
const answer = Buffer.concat([Buffer.from(head), content])

const endOfRequest = "\r\n\r\n"

let firstRequest: number | undefined
let waited = 0
let answers = 0

const answerLater = (socket: Socket): void => {
  const came = performance.now()
  firstRequest ??= performance.timeOrigin + came
  const send = (): void => {
    const late = performance.now() - came
    // Timers count whole milliseconds, and may be early.
    if (late < delay) return void setImmediate(send)
    waited += late
    answers += 1
    socket.write(answer)
  }
  setTimeout(send, delay - 1)
}

const server = createServer({ noDelay: true }, (socket) => {
  let unread = ""
  // A client that goes away takes its connection with it.
  socket.on("error", () => {})
  socket.on("data", (bytes: Buffer) => {
    const requests = `${unread}${bytes.toString("latin1")}`.split(endOfRequest)
    unread = requests.pop() ?? ""
    for (const _ of requests) answerLater(socket)
  })
})
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  process.send?.({ port: typeof address === "object" && address !== null ? address.port : 0 })
})

process.on("message", () => {
  process.send?.({ firstRequest: firstRequest ?? 0, meanWait: waited / answers })
  firstRequest = undefined
  waited = 0
  answers = 0
})
