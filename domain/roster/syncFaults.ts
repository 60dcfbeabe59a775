import { unreadableCodes } from './unreadable.ts'

const ours: Readonly<Record<string, string>> = {
  FeedTooLarge:
    'our database did not get through this feed in its time, which our engineers see: nothing of it was applied. A smaller one, what changed alone for instance, can be sent meanwhile',
}

/** Why a sync ended without having applied anything, and who does what about it. The types of our own faults are no codes of a feed. */
export const toMend = (faultCode: string): string =>
  Object.hasOwn(unreadableCodes, faultCode)
    ? unreadableCodes[faultCode as keyof typeof unreadableCodes]
    : (ours[faultCode] ?? 'this is a fault of ours, and our engineers see it: the feed was not at fault, and nothing of it was applied')
