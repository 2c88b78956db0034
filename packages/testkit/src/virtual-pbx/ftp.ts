/** The FTP server: a login lands in the account's folder, with one folder for each extension. */
import { randomInt } from "node:crypto"
import { Server } from "node:net"
import { posix } from "node:path"
import { Readable } from "node:stream"
import { FileSystem, FtpSrv } from "ftp-srv"
import { audioOfRecording } from "./audio.ts"
import type { RecordEntry } from "./RecordIndex.ts"
import type { Records } from "./records.ts"
import { fileName, ftpPath } from "./rows.ts"
import type { VirtualPbxOptions } from "./VirtualPbxOptions.ts"

export interface PbxFtp {
  readonly port: number
  readonly retrievals: number
  readonly close: () => Promise<void>
}

// What the library's commands read of a file or folder.
interface Entry {
  readonly name: string
  readonly size: number
  readonly mtime: Date
  readonly mode: number
  readonly isDirectory: () => boolean
}

const folder = (name: string): Entry => ({ name, size: 0, mtime: new Date(0), mode: 0o555, isDirectory: () => true })

const file = (entry: RecordEntry): Entry => ({
  name: fileName(entry),
  size: audioOfRecording(entry.recording).bytes,
  mtime: entry.leg.endedAt,
  mode: 0o444,
  isDirectory: () => false
})

const denied = (): Error => new Error("Permission denied")

class RecordFolder extends FileSystem {
  private readonly records: Records
  private readonly retrieved: () => void
  private here = "/"

  constructor(connection: FileSystem["connection"], records: Records, retrieved: () => void) {
    super(connection, { root: "/", cwd: "/" })
    this.records = records
    this.retrieved = retrieved
  }

  private resolve(path: string): string {
    return posix.resolve(this.here, path)
  }

  // The files there are now, by the clock.
  private find(path: string): RecordEntry | undefined {
    const entry = this.records.findByPath(this.resolve(path), ftpPath)
    const state = entry === undefined ? "deleted" : this.records.stateOf(entry)
    return state === "available" || state === "empty" ? entry : undefined
  }

  private *files(): Generator<RecordEntry, void> {
    for (let position = 0; position < this.records.index.size; position += 1) {
      const entry = this.records.index.entry(position)
      const state = this.records.stateOf(entry)
      if (state === "available" || state === "empty") yield entry
    }
  }

  override currentDirectory(): string {
    return this.here
  }

  override async get(path: string): Promise<Entry> {
    const resolved = this.resolve(path)
    if (resolved === "/" || /^\/\d+$/.test(resolved)) return folder(posix.basename(resolved))
    const entry = this.find(path)
    if (entry === undefined) throw new Error("No such file")
    return file(entry)
  }

  override async list(path = "."): Promise<ReadonlyArray<Entry>> {
    const resolved = this.resolve(path)
    const entries = Array.from(this.files())
    if (resolved !== "/") return entries.filter((entry) => posix.dirname(ftpPath(entry)) === resolved).map(file)
    return Array.from(new Set(entries.map((entry) => entry.leg.extension.number)), folder)
  }

  override async chdir(path = "."): Promise<string> {
    const entry = await this.get(path)
    if (!entry.isDirectory()) throw new Error("Not a folder")
    this.here = this.resolve(path)
    return this.here
  }

  override async read(
    path: string,
    { start = 0 }: { readonly start?: number } = {}
  ): Promise<{ readonly stream: Readable; readonly clientPath: string }> {
    const entry = this.find(path)
    if (entry === undefined) throw new Error("No such file")
    this.retrieved()
    const pieces = audioOfRecording(entry.recording).stream(start)
    return { stream: Readable.from(pieces, { objectMode: false }), clientPath: this.resolve(path) }
  }

  // Nothing may be changed over FTP.
  override write(): never {
    throw denied()
  }

  override async delete(): Promise<never> {
    throw denied()
  }

  override async mkdir(): Promise<never> {
    throw denied()
  }

  override async rename(): Promise<never> {
    throw denied()
  }

  override async chmod(): Promise<never> {
    throw denied()
  }
}

const silence = (): void => undefined
const silentLog = {
  child: () => silentLog,
  trace: silence,
  debug: silence,
  info: silence,
  warn: silence,
  error: silence
}

const signals = ["SIGTERM", "SIGINT", "SIGQUIT"] as const

// The library ends the whole process on these signals; a simulator must not.
const withoutSignalHandlers = <A>(make: () => A): A => {
  const before = signals.map((signal) => process.listeners(signal))
  const made = make()
  signals.forEach((signal, index) => {
    for (const listener of process.listeners(signal)) {
      if (before[index]?.includes(listener) !== true) process.off(signal, listener)
    }
  })
  return made
}

const portOf = (server: FtpSrv): number => {
  const listener: unknown = Reflect.get(server, "server")
  const address = listener instanceof Server ? listener.address() : null
  return address !== null && typeof address === "object" ? address.port : 0
}

/** Starts the FTP server on a free port of 127.0.0.1. */
export const startFtp = async (
  records: Records,
  login: { readonly user: string; readonly password: string },
  option: Exclude<VirtualPbxOptions["ftp"], false | undefined>
): Promise<PbxFtp> => {
  let retrievals = 0
  const server = withoutSignalHandlers(
    () =>
      new FtpSrv({
        url: "ftp://127.0.0.1:0",
        pasv_url: "127.0.0.1",
        // The library tries five ports from here on; simulators that run beside each other must not share them.
        pasv_min: randomInt(20_000, 60_000),
        log: silentLog,
        ...(option === true ? {} : { tls: { ...option.tls } })
      })
  )
  server.on("login", ({ connection, password, username }, resolve, reject) => {
    if (username !== login.user || password !== login.password) {
      reject(new Error("Login incorrect"))
      return
    }
    const counted = (): void => {
      retrievals += 1
    }
    resolve({ fs: new RecordFolder(connection, records, counted) })
  })
  // Clients that go away in the middle are no fault of the server.
  server.on("client-error", silence)
  await server.listen()
  return {
    port: portOf(server),
    get retrievals() {
      return retrievals
    },
    close: async () => {
      await server.close()
    }
  }
}
