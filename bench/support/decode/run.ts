/** Started by the benchmark of decoding, with our compiled packages: measures every vendor, and tells what it took. */
import { measure, type Measured } from "./measure.ts"
import { ringcentral } from "./ringcentral.ts"
import { virtualPbx } from "./virtualPbx.ts"
import { webitel } from "./webitel.ts"

const [warm = "0", measured = "0"] = process.argv.slice(2)
const found: Array<Measured> = []
for (const vendor of [virtualPbx, ringcentral, webitel]) {
  found.push(await measure(vendor, { warm: Number(warm), measured: Number(measured) }))
}
process.send?.(found)
