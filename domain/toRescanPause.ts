/**
 * How long a round rests after a file of so many bytes, in milliseconds: as long as the budget gives those bytes, so that what a round reads
 * never exceeds it on average, however fast the engine is.
 */
export const toRescanPause = (bytes: number, bytesPerSecond: number): number => Math.ceil((bytes * 1_000) / bytesPerSecond)
