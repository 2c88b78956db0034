/** Audio by FTP: the operator's server puts a user into the folder in which `/path/` names files. */
import {
  type Audio,
  type ByteRange,
  InvalidQuery,
  InvalidResponse,
  NotFound,
  type Reason,
  Truncated,
  Unauthorized,
  Unavailable
} from "@callreel/recording"
import { audioStream, fromThrown, isLoopback, type Segment, sniffMediaType } from "@callreel/transport"
import { Client, FTPError } from "basic-ftp"
import { Duration, Effect, Exit, Redacted, Scope } from "effect"
import { PassThrough } from "node:stream"
import type { FtpOptions } from "../VirtualPbxOptions.ts"

const defaultTimeout = Duration.seconds(30)

/** The login, and the longest silence to bear. */
export type FtpLogin = FtpOptions & { readonly idleTimeout?: Duration.Duration | undefined }

/** Which part of the file is wanted, and how many bytes the whole must have, where that is known. */
export interface FtpRequest {
  readonly range?: ByteRange
  readonly expectedBytes?: number
}

/** Opens the file. Its size is asked for first: over FTP, a transfer that broke off looks like one that ended. */
export const openFtp = Effect.fnUntraced(function* (
  options: FtpLogin,
  path: string,
  { expectedBytes, range }: FtpRequest
): Effect.fn.Return<Audio<Reason>, Reason, Scope.Scope> {
  // A line break would end the command, and what follows it would be the next one.
  if (/\p{Cc}/u.test(path)) {
    return yield* new InvalidResponse({ path: "filename", detail: "has control characters" })
  }
  const scope = yield* Effect.scope
  const socket = yield* Scope.fork(scope)
  const client = yield* Scope.provide(logIn(options), socket)
  const total = yield* attempt(options, () => client.size(path))
  const start = range?.start ?? 0
  const end = Math.min(range?.end ?? Infinity, total - 1) + 1
  if (expectedBytes !== undefined && total !== expectedBytes) {
    return yield* new Truncated({ expected: expectedBytes, received: total })
  }
  if (total === 0) return yield* new InvalidResponse({ path: "", detail: "the audio is empty" })
  if (start >= end) return yield* new InvalidQuery({ field: "range.start", detail: `the audio has ${total} bytes` })

  const first = yield* download(options, path, start)(client)
  const begin = yield* first.read
  const head = start === 0 ? begin : yield* Effect.scoped(headOf(options, path))
  return {
    mediaType: (head && sniffMediaType(head)) ?? "application/octet-stream",
    bytes: end - start,
    ...(range && { range: { start, end: end - 1, total } }),
    stream: audioStream({
      start,
      end,
      toFileEnd: end === total,
      first: { ...first, read: giveBack(begin, first.read) },
      gated: false,
      closeFirst: Scope.close(socket, Exit.void),
      reopen: (position) => Effect.flatMap(logIn(options), download(options, path, position)),
      scope
    })
  }
})

/** The file's first bytes, which tell its type when only a later part is wanted. */
const headOf = (options: FtpLogin, path: string): Effect.Effect<Uint8Array | undefined, Reason, Scope.Scope> =>
  logIn(options).pipe(
    Effect.flatMap(download(options, path, 0)),
    Effect.flatMap(({ read }) => read)
  )

/** A reader that gives a piece again that was read ahead. */
const giveBack = (piece: Uint8Array | undefined, read: Segment["read"]): Segment["read"] => {
  let held = piece
  return Effect.suspend(() => {
    const next = held
    held = undefined
    return next === undefined ? read : Effect.succeed(next)
  })
}

const logIn = (options: FtpLogin): Effect.Effect<Client, Reason, Scope.Scope> =>
  Effect.tap(
    Effect.acquireRelease(
      Effect.sync(() => new Client(Duration.toMillis(options.idleTimeout ?? defaultTimeout))),
      (client) => Effect.sync(() => client.close())
    ),
    (client) =>
      attempt(options, () =>
        client.access({
          host: options.host,
          port: options.port ?? 21,
          user: options.user,
          password: Redacted.value(options.password),
          secure: options.secure ?? !isLoopback(options.host)
        })
      )
  )

/** Starts the transfer at a byte; it goes on only as fast as it is read. */
const download =
  (options: FtpLogin, path: string, position: number) =>
  (client: Client): Effect.Effect<Segment> =>
    Effect.sync(() => {
      const pipe = new PassThrough()
      client.downloadTo(pipe, path, position).then(
        () => pipe.end(),
        (error: unknown) => pipe.destroy(error instanceof Error ? error : undefined)
      )
      const chunks: AsyncIterator<Uint8Array> = pipe[Symbol.asyncIterator]()
      return {
        end: undefined,
        read: Effect.map(
          attempt(options, () => chunks.next()),
          (next) => (next.done === true ? undefined : next.value)
        )
      }
    })

const attempt = <A>({ host }: FtpOptions, run: () => Promise<A>): Effect.Effect<A, Reason> =>
  Effect.tryPromise({ try: () => run(), catch: (error) => reasonOf(error, host) })

/** The server's reply by its code (RFC 959). Its text may hold the path or the user, and is left out. */
const reasonOf = (error: unknown, host: string): Reason => {
  if (!(error instanceof FTPError)) return fromThrown(error, host, "ftp")
  if (error.code === 550) return new NotFound({ what: "the file of the recording" })
  if (error.code === 530 || error.code === 331 || error.code === 332) {
    return new Unauthorized({ detail: "the FTP server refused the login" })
  }
  return new Unavailable({ detail: `the FTP server answered with code ${error.code}` })
}
