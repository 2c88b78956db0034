/** The parts of s3rver that these tests use; it has no types of its own. */
declare module "s3rver" {
  import type { RequestListener, Server } from "node:http"
  import type { AddressInfo } from "node:net"

  interface StoredObject {
    readonly bucket: string
    readonly key: string
    readonly content: Buffer | NodeJS.ReadableStream
    readonly metadata: object
  }

  interface Store {
    getResourcePath: (bucket: string, key: string | undefined, resource: string) => string
    putMetadata: (bucket: string, key: string, metadata: object, md5: string) => Promise<void>
    putObject: (object: StoredObject) => Promise<{ readonly size: number; readonly md5: string }>
    putPart: (
      bucket: string,
      uploadId: string,
      partNumber: string,
      content: NodeJS.ReadableStream
    ) => Promise<{ readonly size: number; readonly md5: string }>
  }

  export default class S3rver {
    constructor(options: {
      readonly address: string
      readonly port: number
      readonly silent: boolean
      readonly directory: string
      readonly vhostBuckets: boolean
      readonly configureBuckets: ReadonlyArray<{ readonly name: string }>
    })
    readonly store: Store
    readonly httpServer: Server
    run(): Promise<AddressInfo>
    close(): Promise<void>
    callback(): RequestListener
  }
}
