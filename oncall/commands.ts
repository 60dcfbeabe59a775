import type { Command } from './command.ts'
import { hashesLift } from './hashesLift.ts'
import { hashesList } from './hashesList.ts'
import { outboxList } from './outboxList.ts'
import { outboxRetry } from './outboxRetry.ts'
import { rosterDiscard } from './rosterDiscard.ts'
import { rosterList } from './rosterList.ts'
import { rosterRetry } from './rosterRetry.ts'
import { rosterShow } from './rosterShow.ts'
import { scansList } from './scansList.ts'
import { scansReplay } from './scansReplay.ts'
import { scansShow } from './scansShow.ts'
import { showHistory } from './showHistory.ts'
import { translationsList } from './translationsList.ts'
import { translationsReplay } from './translationsReplay.ts'

/** Every command, in the order of `--help`. */
export const commands: readonly Command[] = [
  scansList,
  scansShow,
  scansReplay,
  rosterList,
  rosterShow,
  rosterRetry,
  rosterDiscard,
  translationsList,
  translationsReplay,
  outboxList,
  outboxRetry,
  showHistory,
  hashesList,
  hashesLift,
]
