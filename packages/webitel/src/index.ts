export { type Phrase, type Transcript, transcriptsIn } from "./Transcript.ts"
export {
  connect,
  layer,
  make,
  provider,
  Webitel,
  type WebitelClient,
  type WebitelSettings,
  type WebitelSource
} from "./WebitelSource.ts"
export { WebitelOptions } from "./WebitelOptions.ts"
