/** The test virus that the worker sends through the front door again and again. */
export const syntheticEicar = {
  /** Of its schedule, and of its last success. */
  name: 'synthetic-eicar',
} as const
