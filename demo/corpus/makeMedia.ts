/** Where the phone says it was, as phones write it into videos: ISO 6709. */
export const mediaPrivateMark = '+35.1701-101.8453/'

const uint32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4))
  return bytes
}

/** A box of an MP4 (ISO 14496-12 4.2). */
export const box = (type: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content)
  return Buffer.concat([uint32(body.length + 8), Buffer.from(type, 'latin1'), body])
}

/** ISO 14496-1 descriptor with a one-byte length. */
const descriptor = (tag: number, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag, body.length]), body])
}

const identityMatrix = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
const sampleRate = 44_100
const samplesPerFrame = 1_024

/** One frame of silence, AAC-LC, mono. */
const silentFrame = Buffer.from('00c800802380', 'hex')

const makeAudioEntry = (): Buffer => {
  const decoder = descriptor(0x04, Buffer.from('40150000000000fa000000fa00', 'hex'), descriptor(0x05, Buffer.from('1208', 'hex')))
  const esds = box('esds', uint32(0), descriptor(0x03, Buffer.from('000100', 'hex'), decoder, descriptor(0x06, Buffer.from([2]))))
  const head = Buffer.concat([
    Buffer.from('0000000000000001', 'hex'),
    uint32(0, 0),
    Buffer.from('0001001000000000', 'hex'),
    uint32(sampleRate * 0x10000),
  ])
  return box('mp4a', head, esds)
}

const makeTrack = (frames: number, chunkOffset: number): Buffer => {
  const duration = frames * samplesPerFrame
  const tables = box(
    'stbl',
    box('stsd', uint32(0, 1), makeAudioEntry()),
    box('stts', uint32(0, 1, frames, samplesPerFrame)),
    box('stsc', uint32(0, 1, 1, frames, 1)),
    box('stsz', uint32(0, silentFrame.length, frames)),
    box('stco', uint32(0, 1, chunkOffset)),
  )
  const dataInformation = box('dinf', box('dref', uint32(0, 1), box('url ', uint32(1))))
  const media = box(
    'mdia',
    box('mdhd', uint32(0, 0, 0, sampleRate, duration, 0x55c40000)),
    box('hdlr', uint32(0, 0), Buffer.from('soun'), uint32(0, 0, 0), Buffer.from('Sound\0')),
    box('minf', box('smhd', uint32(0, 0)), dataInformation, tables),
  )
  const header = box('tkhd', uint32(7, 0, 0, 1, 0, duration, 0, 0, 0, 0x01000000), identityMatrix, uint32(0, 0))
  return box('trak', header, media)
}

/** QuickTime's place of recording: `©xyz` in the movie's user data. */
const makePlace = (): Buffer => {
  const text = Buffer.from(mediaPrivateMark)
  const length = Buffer.from([0, text.length, 0x15, 0xc7])
  return box('udta', box('\xa9xyz', length, text))
}

const makeMovie = (brand: string, frames: number, more: readonly Buffer[]): Buffer => {
  const brands = box('ftyp', Buffer.from(brand), uint32(0x200), Buffer.from(`${brand}isommp42`))
  const toMovie = (chunkOffset: number): Buffer =>
    box(
      'moov',
      box(
        'mvhd',
        uint32(0, 0, 0, sampleRate, frames * samplesPerFrame, 0x10000, 0x01000000, 0, 0),
        identityMatrix,
        uint32(0, 0, 0, 0, 0, 0, 2),
      ),
      makeTrack(frames, chunkOffset),
      makePlace(),
      ...more,
    )
  // The samples follow the movie box, so its length, which does not depend on the offset, gives the offset.
  const movie = toMovie(brands.length + toMovie(0).length + 8)
  return Buffer.concat([brands, movie, box('mdat', ...Array.from({ length: frames }, () => silentFrame))])
}

/** A recording that plays: silence, with the place where it was made, and `more` boxes in the movie. */
export const makeMp4 = (frames: number, more: readonly Buffer[] = []): Buffer => makeMovie('isom', frames, more)
export const makeM4a = (frames: number): Buffer => makeMovie('M4A ', frames, [])

const makeId3 = (): Buffer => {
  const text = Buffer.from(`\0recorded at\0${mediaPrivateMark}`, 'latin1')
  const frame = Buffer.concat([Buffer.from('TXXX'), uint32(text.length), Buffer.from([0, 0]), text])
  const size = frame.length
  // The length of an ID3v2 tag has seven bits in a byte.
  const length = Buffer.from([(size >> 21) & 0x7f, (size >> 14) & 0x7f, (size >> 7) & 0x7f, size & 0x7f])
  return Buffer.concat([Buffer.from('ID3'), Buffer.from([3, 0, 0]), length, frame])
}

/** Silence: MPEG-1 Layer III, 128 kbit/s, 44.1 kHz, mono; frames of 417 bytes. An ID3 tag says where it was made. */
export const makeMp3 = (frames: number): Buffer => {
  const frame = Buffer.concat([Buffer.from('fffb90c4', 'hex'), Buffer.alloc(413)])
  return Buffer.concat([makeId3(), ...Array.from({ length: frames }, () => frame)])
}
