/** Which requests go wrong, and how: by chance from a seed, or exactly as written in a test. */
import { type Fault, type FaultContext, type FaultKind, faultKinds } from "./Fault.ts"
import { makeRandom, type Random } from "./Random.ts"

/** Decides, once for each request, what is done to it. A plan remembers what it did: one plan for one simulator. */
export interface FaultPlan {
  readonly decide: (request: FaultContext) => Fault | undefined
}

/** How much goes wrong by chance. */
export interface FaultPlanOptions {
  readonly seed: string
  /** Share of requests that are hit, 0 to 1. */
  readonly rate: number
  /** Only these of the simulator's routes. Default: all. */
  readonly routes?: ReadonlyArray<string>
  /** Only these kinds. Default: all. */
  readonly kinds?: ReadonlyArray<FaultKind>
  /**
   * At most so many hits in a row on the same resource; the next request for it is left alone, so that a client that
   * repeats one request more often than this always gets through. Default 3.
   */
  readonly maxConsecutive?: number
  /** What Retry-After and the like say, in seconds. Default 1. */
  readonly retryAfterSeconds?: number
  /** Longest latency, in milliseconds. Default 200. */
  readonly latencyMilliseconds?: number
}

/** One exact fault of {@link FaultPlan.script}. */
export interface ScriptedFault {
  readonly route: string
  /** Count only requests whose resource (method, path and query) contains this text. */
  readonly containing?: string
  /** The first request that is hit: 1 (default) is the first that matches. */
  readonly nth?: number
  /** How many matching requests in a row are hit. Default 1. */
  readonly times?: number
  readonly fault: Fault
}

const makers: Record<FaultKind, (random: Random, options: FaultPlanOptions, refusals: ReadonlyArray<string>) => Fault> =
  {
    latency: (random, { latencyMilliseconds = 200 }) => ({
      kind: "latency",
      milliseconds: random.integer(1, latencyMilliseconds)
    }),
    refusal: (random, { retryAfterSeconds = 1 }, refusals) => ({
      kind: "refusal",
      refusal: random.pick([refusals[0] ?? "", ...refusals.slice(1)]),
      retryAfterSeconds
    }),
    "server-error": (random, { retryAfterSeconds = 1 }) => {
      const status = random.pick([500, 502, 503])
      const body = random.pick(["json", "html"])
      return random.chance(0.5)
        ? { kind: "server-error", status, body, retryAfterSeconds }
        : { kind: "server-error", status, body }
    },
    "reset-before-headers": () => ({ kind: "reset-before-headers" }),
    "reset-mid-body": (random) => ({ kind: "reset-mid-body", fraction: random.next() }),
    "truncated-body": (random) => ({ kind: "truncated-body", fraction: random.next() }),
    "short-body": (random) => ({ kind: "short-body", fraction: random.next() }),
    "stalled-body": (random) => ({ kind: "stalled-body", fraction: random.next() }),
    "malformed-json": () => ({ kind: "malformed-json" }),
    "html-page": () => ({ kind: "html-page" }),
    "expired-token": () => ({ kind: "expired-token" }),
    "repeated-rows": (random) => ({ kind: "repeated-rows", rows: random.integer(1, 5) }),
    "drifting-page": (random) => ({ kind: "drifting-page", rows: random.integer(1, 5) })
  }

// First among all the candidates, so that what is possible at the moment changes as few decisions as can be.
const chooseKind = (
  random: Random,
  candidates: ReadonlyArray<FaultKind>,
  allowed: (kind: FaultKind) => boolean
): FaultKind | undefined => {
  const pickOf = (kinds: ReadonlyArray<FaultKind>): FaultKind | undefined =>
    kinds[Math.floor(random.next() * kinds.length)]
  const kind = pickOf(candidates)
  return kind === undefined || allowed(kind) ? kind : pickOf(candidates.filter(allowed))
}

/**
 * Faults by chance, decided by the seed, the resource and how often it was asked for before: the same requests meet the
 * same faults, also when they come in another order or at once.
 *
 * A resource is the route with method, path and query. A client may ask for one thing under two resources (a recording
 * from the storage and from the API): each has its own count. A token is forgotten at most once in a row for a resource.
 */
export const faultPlan = (options: FaultPlanOptions): FaultPlan => {
  const { rate, kinds = faultKinds, maxConsecutive = 3, routes } = options
  const root = makeRandom(options.seed)
  const history = new Map<string, { asked: number; inARow: number; last: FaultKind | undefined }>()
  return {
    decide: ({ route, resource, kinds: sensible, refusals, possible }) => {
      if (routes !== undefined && !routes.includes(route)) return undefined
      const key = `${route} ${resource}`
      const past = history.get(key) ?? { asked: 0, inARow: 0, last: undefined }
      history.set(key, past)
      past.asked += 1
      const random = root.fork(key).fork(past.asked)
      const candidates = kinds.filter((kind) => sensible.includes(kind) && (kind !== "refusal" || refusals.length > 0))
      const hit = random.next() < rate && past.inARow < maxConsecutive
      const allowed = (kind: FaultKind): boolean =>
        possible(kind) && !(kind === "expired-token" && past.last === "expired-token")
      const kind = hit ? chooseKind(random, candidates, allowed) : undefined
      past.inARow = kind === undefined ? 0 : past.inARow + 1
      past.last = kind
      return kind === undefined ? undefined : makers[kind](random, options, refusals)
    }
  }
}

const script = (faults: ReadonlyArray<ScriptedFault>): FaultPlan => {
  const seen = faults.map(() => 0)
  return {
    decide: ({ route, resource }) => {
      let chosen: Fault | undefined
      faults.forEach((scripted, index) => {
        if (scripted.route !== route || !resource.includes(scripted.containing ?? "")) return
        const count = (seen[index] ?? 0) + 1
        seen[index] = count
        const { nth = 1, times = 1 } = scripted
        if (count >= nth && count < nth + times) chosen ??= scripted.fault
      })
      return chosen
    }
  }
}

/** Plans that leave nothing to chance. */
export const FaultPlan: {
  /** Nothing goes wrong. */
  readonly none: FaultPlan
  /** Exactly these faults; the first that fits a request is done. */
  readonly script: (faults: ReadonlyArray<ScriptedFault>) => FaultPlan
} = { none: { decide: () => undefined }, script }
