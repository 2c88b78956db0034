#!/usr/bin/env bash
# Makes the audio fixtures of the vendor simulators, from nothing but synthetic speech and tones.
#
# Needs these Debian packages: espeak-ng, sox, lame, ffmpeg (ffprobe only checks the result).
# Usage: packages/testkit/scripts/make-audio-fixtures.sh [output folder, ../fixtures by default]
#
# Every file is cut so that its blocks of 576 samples (72 ms at 8 kHz) can be repeated in any order:
#   mono-8k.mp3        MPEG-2.5 layer III, 16 kbit/s, mono, bare frames of 144 bytes: no tag, no Info frame
#   stereo-id3-8k.mp3  MPEG-2.5 layer III, 32 kbit/s, plain stereo (operator left, client right), ID3v2 tag first,
#                      then frames of 288 bytes: no Info frame
#   mono-8k.wav        PCM, 16 bit, mono, 20 blocks
#   stereo-8k.wav      PCM, 16 bit, stereo (operator left, client right), 10 blocks
set -euo pipefail

fixtures="${1:-"$(dirname "${BASH_SOURCE[0]}")/../fixtures"}"
mkdir -p "$fixtures"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

readonly block_samples=576
# Room below full scale keeps the joins between shuffled blocks from clipping.
readonly level=-6

# say VOICE OUTPUT TEXT: speech at the telephone's sample rate, without the pauses espeak-ng puts around it.
say() {
  espeak-ng -v "$1" -s 165 -w "$work/raw.wav" "$3"
  sox -D "$work/raw.wav" -b 16 "$2" rate 8000 silence 1 0.02 1% reverse silence 1 0.02 1% reverse norm "$level"
}

# mp3 CHANNEL-MODE KBIT-PER-SECOND INPUT OUTPUT [OPTION...]: constant bitrate, no Info frame.
# No bit reservoir: no frame may borrow bits from the one before it, or frames could not be repeated freely.
# Raw samples on standard input: the encoder then cannot know the length and leaves it out of the ID3 tag.
mp3() {
  local mode="$1" rate="$2" input="$3" output="$4"
  shift 4
  sox -D "$input" -t raw -e signed -b 16 -L - |
    lame --quiet -r -s 8 --bitwidth 16 --signed --little-endian --resample 8 -m "$mode" --cbr -b "$rate" \
      --nores --noreplaygain -t "$@" - "$output"
}

say en-gb "$work/operator.wav" "Good morning, you have reached the support desk. How can I help you today?"
say en-gb+f3 "$work/client.wav" "Hello. I would like to ask about my last order."
sox -D -n -r 8000 -b 16 "$work/tone.wav" synth 1 sine 440 norm -12

sox -D "$work/operator.wav" "$work/tone.wav" "$work/mono.wav"
mp3 m 16 "$work/mono.wav" "$fixtures/mono-8k.mp3"
sox -D "$work/mono.wav" "$fixtures/mono-8k.wav" trim 0 "$((20 * block_samples))s"

# The client starts while the operator still speaks, so that a short cut has sound in both channels.
sox -D "$work/client.wav" "$work/late-client.wav" pad 0.3
sox -D -M "$work/operator.wav" "$work/late-client.wav" "$work/stereo.wav"
mp3 s 32 "$work/stereo.wav" "$fixtures/stereo-id3-8k.mp3" --id3v2-only --tt "Operator left, client right"
sox -D "$work/stereo.wav" "$fixtures/stereo-8k.wav" trim 0 "$((10 * block_samples))s"

for fixture in "$fixtures"/*.mp3 "$fixtures"/*.wav; do
  printf '%s: %s bytes, ' "$(basename "$fixture")" "$(stat -c %s "$fixture")"
  ffprobe -v error -show_entries stream=codec_name,sample_rate,channels,bit_rate -of csv=p=0 "$fixture"
done
