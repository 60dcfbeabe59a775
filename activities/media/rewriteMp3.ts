import { readContent, type Content } from './content.ts'
import { openFields, type ContentFields } from './contentFields.ts'
import { listPlaces } from './listPlaces.ts'
import type { Piece } from './pieces.ts'

/** kbit/s by index, MPEG-1 and MPEG-2/2.5 Layer III (ISO 11172-3 2.4.2.3, ISO 13818-3). Index 0 is "free", which players do not play. */
const bitrates = {
  mpeg1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  mpeg2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const
/** Hz by version bits: 2.5, reserved, 2, 1. */
const sampleRates = [[11_025, 12_000, 8_000], [], [22_050, 24_000, 16_000], [44_100, 48_000, 32_000]] as const

type Frame = { bytes: number; sampleRate: number; version: number }

/** The Layer III frame that begins at `at`, or null. */
const readFrame = (content: ContentFields, at: number): Frame | null => {
  if (at + 4 > content.bytes || content.uint8(at) !== 0xff) return null
  const second = content.uint8(at + 1)
  const third = content.uint8(at + 2)
  const isLayerThree = (second & 0xe6) === 0xe2
  const version = (second >> 3) & 3
  const sampleRate = sampleRates[version]?.[(third >> 2) & 3]
  const bitrate = bitrates[version === 3 ? 'mpeg1' : 'mpeg2'][third >> 4]
  if (!isLayerThree || sampleRate === undefined || bitrate === undefined || bitrate === 0) return null
  const bytes = Math.floor(((version === 3 ? 144 : 72) * bitrate * 1_000) / sampleRate) + ((third >> 1) & 1)
  return at + bytes > content.bytes ? null : { bytes, sampleRate, version }
}

const isSameStream = (frame: Frame | null, other: Frame | null): boolean =>
  frame !== null && other !== null && frame.sampleRate === other.sampleRate && frame.version === other.version

/** The end of the ID3v2 tags at the start (id3.org, 2.3 § 3.1), where bytes may look like frames. */
const skipTags = (content: Content): number => {
  let at = 0
  for (;;) {
    const tag = readContent(content, at, at + 10)
    if (tag.toString('latin1', 0, 3) !== 'ID3' || tag.length < 10) return at
    const size = tag.subarray(6).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0)
    const footer = (tag.readUInt8(5) & 0x10) === 0 ? 0 : 10
    at += 10 + size + footer
  }
}

/** Where the next frame begins that is followed by another of its kind; the end when there is none. */
const findFrame = (content: Content, fields: ContentFields, from: number): number => {
  for (const at of listPlaces(content, sync, from, searchBytes)) {
    const frame = readFrame(fields, at)
    if (frame !== null && isSameStream(frame, readFrame(fields, at + frame.bytes))) return at
  }
  return content.bytes
}

/** How every frame begins. */
const sync = Buffer.of(0xff)
/** Mostly the next frame is near. */
const searchBytes = 4_096

/** At least this part of what is not a tag must be frames. */
const soundShareMin = 0.5

/**
 * The sound frames of an MP3 and nothing else: no ID3, APE or Lyrics3 tag, wherever it stands, and nothing between frames
 * or behind the last. Null when there is hardly any sound in it.
 */
export const rewriteMp3 = (content: Content): Piece[] | null => {
  const fields = openFields(content)
  const start = skipTags(content)
  const kept: Piece[] = []
  let keptBytes = 0
  let at = findFrame(content, fields, start)
  const first = readFrame(fields, at)
  while (at < content.bytes) {
    const runStart = at
    for (let frame = readFrame(fields, at); frame !== null && isSameStream(frame, first); frame = readFrame(fields, at)) at += frame.bytes
    if (at > runStart) kept.push({ start: runStart, end: at, as: 'kept' })
    keptBytes += at - runStart
    // A run of frames of another kind is not part of this sound; past it, byte by byte.
    at = findFrame(content, fields, at > runStart ? at : at + 1)
  }
  return keptBytes === 0 || keptBytes < (content.bytes - start) * soundShareMin ? null : kept
}
