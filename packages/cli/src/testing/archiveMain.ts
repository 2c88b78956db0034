/** The command as a process of its own, with phone systems in memory whose audio takes a moment. */
import { runAsProcess } from "../runAsProcess.ts"
import { memoryProviders } from "./memoryProvider.ts"
import { slowWorld } from "./slowWorld.ts"

await runAsProcess({ providers: memoryProviders(slowWorld("fetches.log")) })
