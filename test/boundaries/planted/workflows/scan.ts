import { setTimeout as sleep } from 'node:timers/promises'
import { act } from '../activities/act.ts'

export const scan = [sleep, act]
