import { Effect } from "effect"
import { beforeEach, vi } from "vitest"
import { openDestination } from "../../src/openDestination.ts"
import { bucket, bucketServer } from "./bucketServer.ts"
import { destinationSuite } from "./destinationSuite.ts"

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "S3RVER")
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "S3RVER")
})

const openIn = (prefix: string) =>
  Effect.flatMap(bucketServer, ({ endpoint }) =>
    openDestination(`s3://${bucket}${prefix}?region=us-east-1&endpoint=${endpoint}`, "/")
  )

destinationSuite("a bucket", openIn(""))
destinationSuite("a bucket with a prefix", openIn("/archives/of calls"))
