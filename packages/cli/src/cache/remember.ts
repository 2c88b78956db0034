import { StateStorage } from "@callreel/transport"
import { Effect } from "effect"
import { cacheFolder } from "./cacheFolder.ts"
import { makeFileStore } from "./FileStore.ts"

/** Lets requests remember tokens and their recent history in the user's cache folder, for the next run. */
export const remember =
  (env: Readonly<Record<string, string | undefined>>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(makeFileStore(cacheFolder(env)), (store) => Effect.provideService(effect, StateStorage, store))
