import * as t from "io-ts"

const Measured = t.type({ recordings: t.number, seconds: t.number, cpuSeconds: t.number })

/** What a measured process tells: recordings that were counted, and that were stored. */
export const Report = t.type({ counted: Measured, stored: Measured })
export type Report = t.TypeOf<typeof Report>
