export { defaultRetryLadder, Included, RingCentralOptions, Strategy } from "./RingCentralOptions.ts"
export { connect, layer, make, provider, RingCentral, type RingCentralSettings } from "./RingCentralSource.ts"
