/** A time as the API writes it: ISO 8601, UTC. */
export const toTimeText = (at: Date | null): string | null => at?.toISOString() ?? null
