import { b } from './ringBack.ts'

export const a = (): unknown => b
