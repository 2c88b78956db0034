import {
  decodeOptions,
  type InvalidOptions,
  type Provider,
  type RecordingError,
  type RecordingSource
} from "@callreel/recording"
import { Effect, type Scope } from "effect"

/** A provider whose options the program need not know: it takes what the configuration has and checks it. */
export interface ConfigurableProvider {
  readonly connect: (
    name: string,
    options: unknown
  ) => Effect.Effect<RecordingSource, InvalidOptions | RecordingError, Scope.Scope>
}

/** Providers by the `provider` of the configuration; each is loaded when a source of the run uses it. */
export type Providers = Readonly<Record<string, () => Promise<ConfigurableProvider>>>

/** Hides the type of a provider's options behind its own codec. */
export const configurable = <Options>(provider: Provider<Options>): ConfigurableProvider => ({
  connect: (name, options) =>
    Effect.flatMap(decodeOptions(provider.options, options), (decoded) => provider.make(name, decoded))
})

/** The providers of this command: the one place to add an adapter. */
export const providers: Providers = {
  ringcentral: () => import("@callreel/ringcentral").then(({ provider }) => configurable(provider)),
  "virtual-pbx": () => import("@callreel/virtual-pbx").then(({ provider }) => configurable(provider)),
  webitel: () => import("@callreel/webitel").then(({ provider }) => configurable(provider))
}
