import { createHash } from "node:crypto"
import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { createInterface } from "node:readline"
import { buffer } from "node:stream/consumers"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { startVirtualPbx, type VirtualPbxSimulator } from "./VirtualPbx.ts"

let pbx: VirtualPbxSimulator
const sockets: Array<Socket> = []

beforeEach(async () => {
  pbx = await startVirtualPbx({ ftp: true })
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await pbx.close()
})

const login = async (password = pbx.ftp?.password) => {
  const socket = connect(pbx.ftp?.port ?? 0, "127.0.0.1")
  sockets.push(socket)
  const lines = createInterface(socket)[Symbol.asyncIterator]()
  const reply = async (): Promise<string> => {
    const { value } = await lines.next()
    return typeof value === "string" ? value : ""
  }
  const command = async (text: string): Promise<string> => {
    socket.write(`${text}\r\n`)
    return reply()
  }
  await reply()
  await command(`USER ${pbx.ftp?.user}`)
  const greeting = await command(`PASS ${password}`)
  const retrieve = async (text: string): Promise<Buffer> => {
    const passive = /\((?:\d+,){4}(\d+),(\d+)\)/.exec(await command("PASV"))
    const data = connect(Number(passive?.[1]) * 256 + Number(passive?.[2]), "127.0.0.1")
    sockets.push(data)
    await once(data, "connect")
    const content = buffer(data)
    expect(await command(text)).toMatch(/^150/)
    const received = await content
    expect(await reply()).toMatch(/^226/)
    return received
  }
  return { greeting, command, retrieve }
}

describe("the FTP server", () => {
  it("gives a file by the path that the API tells", async () => {
    const truth = pbx.truth.find(({ state }) => state === "available")
    const path = `/${truth?.extension.number}/${truth?.row?.["file_name"]}`
    const { command, greeting, retrieve } = await login()
    expect(greeting).toMatch(/^230/)
    expect(await command(`SIZE ${path}`)).toBe(`213 ${truth?.bytes}`)
    await command("TYPE I")
    const bytes = await retrieve(`RETR ${path}`)
    expect(createHash("sha512").update(bytes).digest("hex")).toBe(truth?.sha512())
    expect(pbx.counts.ftpRetrievals).toBe(1)
  })

  it("lists a folder for each extension", async () => {
    const truth = pbx.truth.find(({ state }) => state === "available")
    const { retrieve } = await login()
    expect((await retrieve("LIST /")).toString()).toContain(` ${truth?.extension.number}`)
    expect((await retrieve(`LIST /${truth?.extension.number}`)).toString()).toContain(String(truth?.row?.["file_name"]))
  })

  it("refuses a wrong password, files that are not there, and every change", async () => {
    expect((await login("wrong")).greeting).toMatch(/^530/)
    const { command } = await login()
    expect(await command("SIZE /0541/2026-01-01-00-00-00-UTC_in_0541_aaaa.mp3")).toMatch(/^550/)
    expect(await command("SIZE /../../etc/passwd")).toMatch(/^550/)
    expect(await command("DELE /0541/x.mp3")).toMatch(/^550/)
    const expired = pbx.truth.find(({ state }) => state === "expired")
    expect(await command(`SIZE /${expired?.extension.number}/${expired?.row?.["file_name"]}`)).toMatch(/^550/)
  })

  it("is started only when asked for", async () => {
    const other = await startVirtualPbx()
    expect(other.ftp).toBeUndefined()
    await other.close()
  })

  it("does not take over the process's signals", () => {
    expect(process.listeners("SIGTERM").map(({ name }) => name)).not.toContain("debounced")
  })
})
