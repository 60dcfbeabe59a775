import type { PayloadKeyRing } from '../../crypto/payloadKeyRing.ts'

/** Plainly no secret: the saved histories under `test/replay/histories` hold made-up ids and are encrypted only because replay must go through the codec. */
export const replayRing: PayloadKeyRing = {
  current: 'replay-test-only',
  keys: new Map([['replay-test-only', Buffer.from('not a secret: replay tests only.')]]),
}
