import sharp from 'sharp'
import { imagePrivateMark, makePhoto } from './makeImage.ts'
import { box, makeMp3, makeMp4, mediaPrivateMark } from './makeMedia.ts'

/** A segment of a JPEG: its marker, its length, its content (ITU T.81 B.1.1.4). */
const segment = (marker: number, content: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(content.length + 2, 2)
  return Buffer.concat([head, content])
}

/** The city of a picture as press agencies write it (IPTC-IIM 2:90), in the block where Photoshop keeps such records. */
const makeIptc = (): Buffer => {
  const record = Buffer.concat([Buffer.from([0x1c, 2, 90, 0, imagePrivateMark.length]), Buffer.from(imagePrivateMark)])
  const padding = Buffer.alloc(record.length % 2)
  const block = Buffer.concat([Buffer.from('8BIM'), Buffer.from([4, 4, 0, 0, 0, 0, 0, record.length]), record, padding])
  return segment(0xed, Buffer.concat([Buffer.from('Photoshop 3.0\0'), block]))
}

const profileHeaderBytes = 128
const profileEntryBytes = 12

/** The profile with another text in place of its copyright (ICC.1 7.3: a table of signature, offset and size). */
const signProfile = (profile: Buffer): Buffer => {
  const text = Buffer.concat([Buffer.from('text\0\0\0\0'), Buffer.from(`${imagePrivateMark}\0`)])
  const signed = Buffer.concat([profile, text, Buffer.alloc(-(profile.length + text.length) & 3)])
  const entries = Array.from(
    { length: profile.readUInt32BE(profileHeaderBytes) },
    (_, at) => profileHeaderBytes + 4 + at * profileEntryBytes,
  )
  const copyright = entries.find((at) => profile.toString('latin1', at, at + 4) === 'cprt')
  if (copyright === undefined) throw new Error('the profile has no copyright')
  signed.writeUInt32BE(signed.length, 0)
  signed.writeUInt32BE(profile.length, copyright + 4)
  signed.writeUInt32BE(text.length, copyright + 8)
  return signed
}

const makeProfile = async (): Promise<Buffer> => {
  const colours = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
    .withIccProfile('srgb')
    .jpeg()
    .toBuffer()
  const { icc } = await sharp(colours).metadata()
  if (icc === undefined) throw new Error('the picture has no profile')
  return segment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01'), signProfile(icc)]))
}

const makeXmp = (): Buffer =>
  segment(
    0xe1,
    Buffer.from(
      `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="${imagePrivateMark}"/></rdf:RDF></x:xmpmeta>`,
    ),
  )

/** A photo that has been through an editor: beside its coordinates, the private mark in XMP, IPTC, the colour profile and a comment. */
export const makeEditedPhoto = async (size: { width: number; height: number }): Promise<Buffer> => {
  const photo = await makePhoto('jpeg', size, 60)
  const tags = [makeXmp(), makeIptc(), await makeProfile(), segment(0xfe, Buffer.from(imagePrivateMark))]
  return Buffer.concat([photo.subarray(0, 2), ...tags, photo.subarray(2)])
}

/** The `uuid` box in which editors keep XMP (XMP specification part 3, 1.2.7.1). */
const makeXmpBox = (): Buffer => box('uuid', Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'), Buffer.from(mediaPrivateMark))

/** A film whose place stands in `uuid` boxes, in the movie and behind it. */
export const makeEditedMp4 = (frames: number): Buffer => Buffer.concat([makeMp4(frames, [makeXmpBox()]), makeXmpBox()])

/** APEv2: a header, the items and a footer, all little-endian. */
const makeApeTag = (): Buffer => {
  const item = Buffer.concat([Buffer.alloc(8), Buffer.from(`Record Location\0${mediaPrivateMark}`)])
  item.writeUInt32LE(mediaPrivateMark.length, 0)
  const frame = (flags: number): Buffer => {
    const head = Buffer.alloc(32)
    head.write('APETAGEX')
    head.writeUInt32LE(2_000, 8)
    head.writeUInt32LE(item.length + head.length, 12)
    head.writeUInt32LE(1, 16)
    head.writeUInt32LE(flags, 20)
    return head
  }
  return Buffer.concat([frame(0xa0000000), item, frame(0x80000000)])
}

/** A song with tags at both ends: ID3v2 in front, APEv2 and ID3v1 behind. */
export const makeTaggedMp3 = (frames: number): Buffer =>
  Buffer.concat([makeMp3(frames), makeApeTag(), Buffer.from(`TAG${mediaPrivateMark}`.padEnd(128, '\0'))])
