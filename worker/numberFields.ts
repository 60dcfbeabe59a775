/** Numbers that the worker is told from outside, with what stands when nothing is said. */
import { z } from 'zod'

export const seconds = (otherwise: number) => z.coerce.number().min(0.05).max(31_536_000).default(otherwise)

export const count = (otherwise: number) => z.coerce.number().int().min(1).max(1_000_000).default(otherwise)
