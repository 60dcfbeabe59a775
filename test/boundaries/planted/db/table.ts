export const table = 'districts'
