import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { createReadStream, stat } from "node:fs"
import { mkdir, writeFile } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import { basename, join } from "node:path"
import { emptyFiles, leftFolder } from "./leftFolder.ts"

/** Files behind an HTTP server on loopback. */
export interface Served {
  readonly baseUrl: string
  readonly names: ReadonlyArray<string>
  readonly bytes: number
  /** Who serves them. */
  readonly server: "nginx" | "node:http"
  readonly close: () => Promise<void>
}

/** Writes `count` files of `bytes` bytes, each with content of its own, and serves them: by nginx where it is installed and starts. */
export const serve = async (count: number, bytes: number): Promise<Served> => {
  const folder = await leftFolder("served")
  const root = join(folder, "files")
  await mkdir(root)
  const names = Array.from({ length: count }, (_, index) => `${String(index).padStart(6, "0")}.mp3`)
  for (const name of names) await writeFile(join(root, name), contentOf(name, bytes))
  const served = (hasNginx() ? await nginx(folder, root) : undefined) ?? (await node(root))
  const close = async () => {
    await served.close()
    await emptyFiles(root)
  }
  return { ...served, names, bytes, close }
}

/** Begins like MP3, so that nobody takes it for something else; the rest differs from file to file. */
const contentOf = (name: string, bytes: number): Buffer => {
  const seed = createHash("sha512").update(name).digest()
  const content = Buffer.alloc(bytes)
  for (let place = 0; place < bytes; place += seed.length) seed.copy(content, place)
  content.set([0xff, 0xfb, 0x90, 0x64])
  return content
}

const hasNginx = (): boolean => spawnSync("nginx", ["-v"]).status === 0

const nginx = async (folder: string, root: string) => {
  const port = 20_000 + (process.pid % 20_000)
  const configuration = join(folder, "nginx.conf")
  await writeFile(
    configuration,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log /dev/null; events { worker_connections 1024; }
     http { access_log off; sendfile on; types { audio/mpeg mp3; } keepalive_requests 1000000;
       client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
       uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
       server { listen 127.0.0.1:${port}; root ${root}; autoindex on; } }`
  )
  // Started as root, its workers would be somebody who may not see the folder.
  const child = spawn("nginx", ["-c", configuration, ...(process.getuid?.() === 0 ? ["-g", "user root;"] : [])], {
    stdio: "ignore"
  })
  const baseUrl = `http://127.0.0.1:${port}`
  for (let tries = 0; ; tries++) {
    const isUp = await fetch(`${baseUrl}/000000.mp3`, { method: "HEAD" }).then(
      (response) => response.ok,
      () => false
    )
    if (isUp) break
    if (tries > 100 || child.exitCode !== null) {
      child.kill("SIGKILL")
      return undefined
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const close = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve))
    child.kill("SIGTERM")
    await ended
  }
  return { baseUrl, server: "nginx" as const, close }
}

const node = async (root: string) => {
  const server: Server = createServer((request, response) => {
    const path = join(root, basename(request.url ?? ""))
    stat(path, (error, facts) => {
      if (error !== null) return response.writeHead(404).end()
      response.writeHead(200, { "content-type": "audio/mpeg", "content-length": facts.size })
      return createReadStream(path).pipe(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const baseUrl = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : ""
  const close = async () => {
    server.close()
    server.closeAllConnections()
  }
  return { baseUrl, server: "node:http" as const, close }
}
