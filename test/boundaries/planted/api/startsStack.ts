import { stack } from '../stack/stack.ts'
import { scan } from '../workflows/scan.ts'
import { act } from '../activities/act.ts'

export const wrong = [stack, scan, act]
