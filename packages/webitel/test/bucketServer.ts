/** A server that speaks S3, for tests, with one bucket in a temporary folder. */
import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { mkdtemp, rm } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"

/** What is used of s3rver, which comes without types. */
interface Server {
  readonly run: () => Promise<{ readonly port: number }>
  readonly close: () => Promise<void>
}
const S3rver = createRequire(import.meta.url)("s3rver") as new (options: object) => Server

/** What s3rver takes. */
const credentials = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" }

export interface BucketServer {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string
  readonly bucket: string
  readonly put: (key: string, body: Uint8Array) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts the server, and puts its credentials where Amazon's library looks for them. */
export const startBucket = async (): Promise<BucketServer> => {
  process.env["AWS_ACCESS_KEY_ID"] = credentials.accessKeyId
  process.env["AWS_SECRET_ACCESS_KEY"] = credentials.secretAccessKey
  const bucket = "recordings"
  const directory = await mkdtemp(join(tmpdir(), "callreel-bucket-"))
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: bucket }]
  })
  const { port } = await server.run()
  const endpoint = `http://127.0.0.1:${port}`
  const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials })
  return {
    endpoint,
    bucket,
    put: async (key, body) => {
      const object = { Bucket: bucket, Key: key }
      await client.send(new PutObjectCommand({ ...object, Body: body }))
      // It answers before the last bytes are written.
      while ((await client.send(new HeadObjectCommand(object))).ContentLength !== body.length) await setTimeout(5)
    },
    stop: async () => {
      client.destroy()
      await server.close()
      await rm(directory, { recursive: true, force: true })
    }
  }
}
