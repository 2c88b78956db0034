import type { Recording } from "@callreel/recording"
import type { Page } from "./pages.ts"
import type { Path } from "./json.ts"

/** Whether a parsed page is as it must be: all contenders check the same, as strictly. */
export type Accepts = (value: unknown) => boolean

/** What is measured of a vendor. */
export interface Vendor {
  readonly name: string
  readonly page: () => Promise<Page>
  /** By the name of the library. */
  readonly decoders: Readonly<Record<"io-ts" | "zod" | "ajv", Accepts>>
  /** What a listing does with a parsed page. */
  readonly map: (value: unknown) => ReadonlyArray<Recording>
  /** Places in the page, with something that must not stand there. */
  readonly breaks: ReadonlyArray<readonly [path: Path, value: unknown]>
}
