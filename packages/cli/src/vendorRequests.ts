import { Lane, type LaneName, MaxWait, type WaitNotice, WaitListener } from "@callreel/recording"
import { Duration, Effect } from "effect"
import { Invocation } from "./Invocation.ts"
import { Output } from "./output/Output.ts"
import { root } from "./root.ts"

/**
 * Runs a command's work with sources: how urgent and patient its requests are, what is remembered between runs, and that
 * everything it opened is closed when it ends.
 */
export const askingVendors =
  (lane: LaneName) =>
  <A, E, R>(work: Effect.Effect<A, E, R>) =>
    Effect.gen(function* () {
      const { maxWait, noCache } = yield* root
      const { note } = yield* Output
      const { env, isTerminal } = yield* Invocation
      const showWait = (wait: WaitNotice) => (isTerminal.stderr ? note(waitText(wait)) : Effect.void)
      // Loaded here, so that help and usage errors do not wait for what only requests need.
      const { remember } = yield* Effect.promise(() => import("./cache/remember.ts"))
      return yield* work.pipe(
        Effect.scoped,
        noCache ? (effect) => effect : remember(env),
        Effect.provideService(Lane, lane),
        Effect.provideService(MaxWait, Duration.seconds(maxWait)),
        Effect.provideService(WaitListener, showWait)
      )
    })

const waitText = ({ duration, group }: WaitNotice): string =>
  `waiting ${Math.ceil(Duration.toSeconds(duration))} s for the limit of group ${group}\n`
