/** What can be wrong with a vCon. No message quotes a value of the document: they are numbers and names of people. */
import { Data } from "effect"

/** It is no vCon, or none that may be read here. `path` names the place (`dialog[0].start`), empty for the whole. */
export class InvalidVcon extends Data.TaggedError("InvalidVcon")<{ readonly path: string; readonly detail: string }> {
  override get message(): string {
    return `not a vCon${this.path === "" ? "" : ` at ${this.path}`}: ${this.detail}`
  }
}

/** It was changed after it was signed, or was signed with another key. Nothing of it may be believed. */
export class BadSignature extends Data.TaggedError("BadSignature")<{ readonly detail: string }> {
  override get message(): string {
    return `the signature does not hold: ${this.detail}`
  }
}

/** Nobody the caller trusts vouches for it: there is no certificate in it, or the caller refused it. */
export class UntrustedVcon extends Data.TaggedError("UntrustedVcon")<{ readonly detail: string }> {
  override get message(): string {
    return `the signer is not trusted: ${this.detail}`
  }
}

/** The key or its certificates cannot sign. */
export class SigningFailed extends Data.TaggedError("SigningFailed")<{ readonly detail: string }> {
  override get message(): string {
    return `cannot sign: ${this.detail}`
  }
}
