import { a } from './ring.ts'

export const b = (): unknown => a
