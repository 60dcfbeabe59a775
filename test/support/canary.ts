import { inject } from 'vitest'

/**
 * Text with this run's canary in it. Everything that a test writes as a message, a file name or a file carries it, so
 * that the search after the suite finds any place in which user content is readable.
 */
export const withCanary = (text: string): string => `${text} ${inject('canary')}`
