import { Effect } from "effect"
import { openDestination } from "../../openDestination.ts"
import { destinationSuite } from "../testing/test/destinationSuite.ts"
import { temporaryFolder } from "../testing/test/temporaryFolder.ts"

destinationSuite(
  "a folder",
  Effect.flatMap(temporaryFolder, (base) => openDestination("file:./archive", base))
)
