import { randomBytes, randomInt } from 'node:crypto'
import { makePhoto } from '../../demo/corpus/makeImage.ts'
import { toSyntheticBytes } from '../../domain/syntheticEicar.ts'
import { withCanary } from '../support/canary.ts'

const fresh = (): string => randomBytes(12).toString('hex')

/** A text that no other file is: what is found in one file is never known of another. */
export const makeHarmless = (): Buffer => Buffer.from(withCanary(`harmless ${fresh()}`))

/** So long that it is stored in parts. */
export const makeLong = (): Buffer => Buffer.alloc(6_000_000, withCanary(`long ${fresh()} `))

export const makeMalware = (): Buffer => toSyntheticBytes(randomBytes(12))

/** With numbers of its own behind the picture's end, which every reader passes over. */
export const makePicture = async (): Promise<Buffer> =>
  Buffer.concat([await makePhoto('jpeg', { width: 64, height: 48 }, randomInt(256)), randomBytes(16)])
