/** The ends of calls → parties of a vCon. Pure. */
import type { Party, Recording } from "@callreel/recording"
import type { VconParty } from "../Vcon.ts"
import { derivedUuid } from "./uuid.ts"

/** Where the two ends of a call stand in `parties`. */
export interface PartyPlaces {
  readonly from: number
  readonly to: number
}

/** The parties of a vCon. */
export interface PlacedParties {
  readonly parties: ReadonlyArray<VconParty>
  /** Where the ends of one of the recordings stand. */
  readonly placesOf: (recording: Recording) => PartyPlaces
  /** Who contributed the attachments. */
  readonly writer: number
}

const callreel: VconParty = { name: "callreel", type: "bot" }

/**
 * Both ends of every call, each once, the one that began it first; last callreel itself, which contributes the attachments.
 * An end of which nothing is known is a party too, so that it cannot be mistaken for the other one.
 */
export const placeParties = (recordings: ReadonlyArray<Recording>): PlacedParties => {
  const parties = new Map(recordings.flatMap((recording) => Object.values(endsOf(recording))))
  const keys = [...parties.keys()]
  return {
    parties: [...parties.values(), callreel],
    placesOf: (recording) => {
      const { from, to } = endsOf(recording)
      return { from: keys.indexOf(from[0]), to: keys.indexOf(to[0]) }
    },
    writer: keys.length
  }
}

/** A party, and what tells it from others of the vCon. */
type KeyedParty = readonly [key: string, party: VconParty]

const endsOf = (recording: Recording): { readonly from: KeyedParty; readonly to: KeyedParty } => {
  const from = partyOf(recording.call?.from, recording)
  const to = partyOf(recording.call?.to, recording)
  const [fromKey, toKey] = [keyOfParty(from, "from"), keyOfParty(to, "to")]
  // A phone that calls itself is on both ends.
  return { from: [fromKey, from], to: [toKey === fromKey ? `${toKey} itself` : toKey, to] }
}

const keyOfParty = (party: VconParty, side: string): string =>
  Object.keys(party).length === 0 ? side : JSON.stringify([party.tel, party.name, party.uuid])

const partyOf = (party: Party | undefined, { account, provider }: Recording): VconParty => {
  const { e164, extension, number } = party ?? {}
  const tel = telephone(e164) ?? telephone(number) ?? telephone(extension?.number)
  const name = party?.name ?? extension?.name
  return {
    ...(tel !== undefined && { tel }),
    ...(name !== undefined && { name }),
    ...(extension?.id !== undefined && { uuid: derivedUuid("extension", provider, account, extension.id) })
  }
}

// What a tel URL may hold before its parameters. A number that is masked, or a word such as "anonymous", is none.
const telephone = (number: string | undefined): string | undefined =>
  number !== undefined && /^\+?[\d*#][\d*#().-]*$/.test(number) ? number : undefined
