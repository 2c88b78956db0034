import { jsonOf } from "./internal/json.ts"
import type { Vcon } from "./Vcon.ts"

/** A vCon as text that ends with a line feed. Equal vCons give equal bytes: members stand in a fixed order. */
export const encodeVcon = (vcon: Vcon): string => `${JSON.stringify(jsonOf(vcon), null, 2)}\n`
