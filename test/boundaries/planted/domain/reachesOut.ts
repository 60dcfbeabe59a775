import { table } from '../db/table.ts'
import { readFileSync } from 'node:fs'

export const leaks = [table, readFileSync]
