export { connect, layer, make, provider, Webitel, type WebitelSettings } from "./WebitelSource.ts"
export { WebitelOptions } from "./WebitelOptions.ts"
