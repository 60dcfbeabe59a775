/** They do nothing: what is left is what Temporal costs. */
export const floorActivities = {
  readPace: (): Promise<void> => Promise.resolve(),
  step: (): Promise<void> => Promise.resolve(),
  stream: (): Promise<void> => Promise.resolve(),
}
export type FloorActivities = typeof floorActivities
