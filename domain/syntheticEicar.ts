/** The test virus that the worker sends through the front door again and again (eicar.org): harmless, and every engine reports it. */
export const syntheticEicar = {
  /** Of its schedule, and of its last success. */
  name: 'synthetic-eicar',
  fileName: 'synthetic.txt',
  contentType: 'text/plain',
} as const

/** Ends without one of these are reported: anything but `quarantined` within the limit. */
export type SyntheticEnd = 'quarantined' | 'passed-for-clean' | 'not-quarantined' | 'not-sent'

/** Put together here, so that no scanner of a developer's machine takes this file away. */
const eicar = ['X5O!P%@AP[4', '\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-', 'ANTIVIRUS-TEST-', 'FILE!$H+H*'].join('')
const whiteCharacters = [' ', '\t', '\n', '\r'] as const

/**
 * The bytes of one test virus: the standard's 68, then white space made of `nonce`, which the standard allows up to 128 characters in all. No two are the same, so
 * that neither the engine's cache nor a list of known hashes answers in the engine's place.
 * @param nonce 12 bytes, random.
 */
export const toSyntheticBytes = (nonce: Uint8Array): Buffer => {
  if (nonce.length !== 12) throw new RangeError('a nonce has 12 bytes')
  const white = [...nonce].flatMap((byte) => [byte >> 6, (byte >> 4) & 3, (byte >> 2) & 3, byte & 3].map((pair) => whiteCharacters[pair]))
  return Buffer.from(eicar + white.join(''), 'latin1')
}

/** How a state of the row reads while or after the test virus is looked at; null while it is on its way. */
export const toSyntheticEnd = (state: string, isOverdue: boolean): SyntheticEnd | null => {
  if (state === 'quarantined') return 'quarantined'
  if (state === 'clean') return 'passed-for-clean'
  if (state === 'awaiting-upload' || state === 'scanning') return isOverdue ? 'not-quarantined' : null
  return 'not-quarantined'
}
