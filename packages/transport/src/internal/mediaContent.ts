import { InvalidResponse, type Reason } from "@callreel/recording"

/** A good status with something else than audio: an error page, an empty file. A proxy's slip, often over at the next try. */
export class NotAudio extends InvalidResponse {
  constructor(detail: string) {
    super({ path: "", detail })
  }
}

/** Whether an answer came and its content failed the check, so that asking once more may help. */
export const isContentFailure = (reason: Reason): boolean => reason instanceof NotAudio || reason._tag === "Truncated"
