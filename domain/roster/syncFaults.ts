import { unreadableCodes } from './unreadable.ts'

/** Why a sync ended without having applied anything, and who does what about it. The types of our own faults are no codes of a feed. */
export const toMend = (faultCode: string): string =>
  Object.hasOwn(unreadableCodes, faultCode)
    ? unreadableCodes[faultCode as keyof typeof unreadableCodes]
    : 'this is a fault of ours, and our engineers see it: the feed was not at fault, and nothing of it was applied'
