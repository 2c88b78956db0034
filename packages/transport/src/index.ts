export { audioStream, type AudioBody, type Segment } from "./AudioStream.ts"
export { decode } from "./decode.ts"
export * from "./firstWay.ts"
export * from "./Http.ts"
export { fromThrown } from "./HttpError.ts"
export {
  type BasicCredentials,
  type HttpCredentials,
  type HttpQuery,
  type HttpTarget,
  type MediaRequest,
  type UntrustedPolicy
} from "./MediaFetch.ts"
export { looksLikeText, sniffLength, sniffMediaType } from "./MediaSniffing.ts"
export * from "./notificationBody.ts"
export * from "./OriginPolicy.ts"
export * from "./RateGate.ts"
export * from "./remembered.ts"
export * from "./RetryPolicy.ts"
export * from "./singleFlight.ts"
export * from "./StateStore.ts"
export * from "./TokenHolder.ts"
export { tokenLife } from "./tokenLife.ts"
export { makeFetch, type Fetch, type Fetches } from "./undiciFetch.ts"
