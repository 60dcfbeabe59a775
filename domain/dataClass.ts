/**
 * What a column holds. Log redaction, the support role's grants and the canary tests derive from it.
 * - `ugc`: what people wrote or sent (text, file names, bytes, translations): always encrypted, never in logs
 * - `pii`: who people are
 * - `secret`: hashes of credentials, wrapped keys
 * - `internal`: ids, states, times, counts
 */
export const dataClasses = ['ugc', 'pii', 'secret', 'internal'] as const
export type DataClass = (typeof dataClasses)[number]
