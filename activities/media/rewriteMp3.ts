/** kbit/s by index, MPEG-1 and MPEG-2/2.5 Layer III (ISO 11172-3 2.4.2.3, ISO 13818-3). Index 0 is "free", which players do not play. */
const bitrates = {
  mpeg1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  mpeg2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const
/** Hz by version bits: 2.5, reserved, 2, 1. */
const sampleRates = [[11_025, 12_000, 8_000], [], [22_050, 24_000, 16_000], [44_100, 48_000, 32_000]] as const

type Frame = { bytes: number; sampleRate: number; version: number }

/** The Layer III frame that begins at `at`, or null. */
const readFrame = (content: Buffer, at: number): Frame | null => {
  if (at + 4 > content.length || content[at] !== 0xff) return null
  const second = content.readUInt8(at + 1)
  const third = content.readUInt8(at + 2)
  const isLayerThree = (second & 0xe6) === 0xe2
  const version = (second >> 3) & 3
  const sampleRate = sampleRates[version]?.[(third >> 2) & 3]
  const bitrate = bitrates[version === 3 ? 'mpeg1' : 'mpeg2'][third >> 4]
  if (!isLayerThree || sampleRate === undefined || bitrate === undefined || bitrate === 0) return null
  const bytes = Math.floor(((version === 3 ? 144 : 72) * bitrate * 1_000) / sampleRate) + ((third >> 1) & 1)
  return at + bytes > content.length ? null : { bytes, sampleRate, version }
}

const isSameStream = (frame: Frame | null, other: Frame | null): boolean =>
  frame !== null && other !== null && frame.sampleRate === other.sampleRate && frame.version === other.version

/** The end of the ID3v2 tags at the start (id3.org, 2.3 § 3.1), where bytes may look like frames. */
const skipTags = (content: Buffer): number => {
  let at = 0
  while (content.toString('latin1', at, at + 3) === 'ID3' && at + 10 <= content.length) {
    const size = content.subarray(at + 6, at + 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0)
    const footer = (content.readUInt8(at + 5) & 0x10) === 0 ? 0 : 10
    at += 10 + size + footer
  }
  return at
}

/** Where the next frame begins that is followed by another of its kind; the end when there is none. */
const findFrame = (content: Buffer, from: number): number => {
  for (let at = content.indexOf(0xff, from); at !== -1; at = content.indexOf(0xff, at + 1)) {
    const frame = readFrame(content, at)
    if (frame !== null && isSameStream(frame, readFrame(content, at + frame.bytes))) return at
  }
  return content.length
}

/** At least this part of what is not a tag must be frames. */
const soundShareMin = 0.5

/**
 * The sound frames of an MP3 and nothing else: no ID3, APE or Lyrics3 tag, wherever it stands, and nothing between frames
 * or behind the last. Null when there is hardly any sound in it.
 */
export const rewriteMp3 = (content: Buffer): Buffer | null => {
  const start = skipTags(content)
  const kept: Buffer[] = []
  let keptBytes = 0
  let at = findFrame(content, start)
  const first = readFrame(content, at)
  while (at < content.length) {
    const runStart = at
    for (let frame = readFrame(content, at); frame !== null && isSameStream(frame, first); frame = readFrame(content, at)) at += frame.bytes
    if (at > runStart) kept.push(content.subarray(runStart, at))
    keptBytes += at - runStart
    // A run of frames of another kind is not part of this sound; past it, byte by byte.
    at = findFrame(content, at > runStart ? at : at + 1)
  }
  return keptBytes === 0 || keptBytes < (content.length - start) * soundShareMin ? null : Buffer.concat(kept)
}
