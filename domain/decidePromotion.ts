/** What a worker sees of the versions of its deployment. Build ids; `current` is null while there is none. */
export type PromotionFacts = {
  own: string
  current: string | null
  /** Whether the own version was the current one at any time before. */
  wasCurrent: boolean
  /** Whether workers of the current version ask for work. */
  isCurrentServed: boolean
}

/**
 * Whether a worker that has begun to poll makes its version the current one. A version that is new takes over; one that was replaced does not come back only because one of its
 * processes was restarted, but does when nobody serves what replaced it: that is a rollback.
 */
export const decidePromotion = ({ own, current, wasCurrent, isCurrentServed }: PromotionFacts): 'promote' | 'stay' => {
  if (current === own) return 'stay'
  return current === null || !wasCurrent || !isCurrentServed ? 'promote' : 'stay'
}
