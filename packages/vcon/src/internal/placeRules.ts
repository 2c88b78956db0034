import type { Vcon, VconDialog } from "../Vcon.ts"
import { type Problem, unless } from "./problem.ts"

/** A place that a member names, or several. */
type Places = number | null | ReadonlyArray<number | null | ReadonlyArray<number>> | undefined

/** Every place named is one that is there, and holds what it should. */
export const placeProblems = (vcon: Vcon): ReadonlyArray<Problem> => {
  const { analysis = [], attachments = [], dialog = [], parties = [] } = vcon
  const within = (length: number, list: string) => (places: Places, path: string) =>
    unless(
      flatten(places).every((place) => place < length),
      "index",
      path,
      `names a place that ${list} does not have`
    )
  const party = within(parties.length, "parties")
  const dialogs = within(dialog.length, "dialog")
  const attached = within(attachments.length, "attachments")
  return [
    ...dialog.flatMap((each, index) => {
      const at = (member: string): string => `dialog[${index}].${member}`
      return [
        ...party(each.parties, at("parties")),
        ...party(each.originator, at("originator")),
        ...(each.party_history ?? []).flatMap((entry, number) =>
          party(entry.party, at(`party_history[${number}].party`))
        ),
        ...party(each.transferee, at("transferee")),
        ...party(each.transferor, at("transferor")),
        ...party(each.transfer_target, at("transfer_target")),
        ...dialogs(each.original, at("original")),
        ...dialogs(each.consultation, at("consultation")),
        ...dialogs(each.target_dialog, at("target_dialog")),
        ...dialogs(each.recordings, at("recordings")),
        ...dialogs(each.recording_set, at("recording_set")),
        ...setProblems(each, dialog, at),
        ...unless(
          each.originator === undefined || each.originator !== flatten(each.parties)[0],
          "originator",
          at("originator"),
          "is the first of parties, which is the originator anyway"
        )
      ]
    }),
    ...attachments.flatMap((each, index) => [
      ...party(each.party, `attachments[${index}].party`),
      ...dialogs(each.dialog, `attachments[${index}].dialog`)
    ]),
    ...analysis.flatMap((each, index) => [
      ...dialogs(each.dialog, `analysis[${index}].dialog`),
      ...attached(each.attachment, `analysis[${index}].attachment`)
    ])
  ]
}

/** A set holds recordings, and a recording is in a set. */
const setProblems = (
  { recording_set, recordings = [] }: VconDialog,
  dialog: ReadonlyArray<VconDialog>,
  at: (member: string) => string
): ReadonlyArray<Problem> => {
  // A place that is not there, and a dialog of no type, are problems of their own.
  const isOf = (place: number, type: string): boolean => (dialog[place]?.type ?? type) === type
  return [
    ...unless(
      recordings.every((place) => isOf(place, "recording")),
      "recording-set",
      at("recordings"),
      "names a dialog that is no recording"
    ),
    ...unless(
      recording_set === undefined || isOf(recording_set, "recording-set"),
      "recording-set",
      at("recording_set"),
      "names a dialog that is no recording-set"
    )
  ]
}

const flatten = (places: Places): ReadonlyArray<number> =>
  [places].flat(2).filter((place) => place !== undefined && place !== null)
