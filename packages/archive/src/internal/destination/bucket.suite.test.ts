import { Effect } from "effect"
import { beforeEach, vi } from "vitest"
import { openDestination } from "../../openDestination.ts"
import { bucket, bucketServer } from "../testing/test/bucketServer.ts"
import { destinationSuite } from "../testing/test/destinationSuite.ts"

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "S3RVER")
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "S3RVER")
})

destinationSuite(
  "a bucket",
  Effect.flatMap(bucketServer, ({ endpoint }) =>
    openDestination(`s3://${bucket}/archives/of calls?region=us-east-1&endpoint=${endpoint}`, "/")
  )
)
