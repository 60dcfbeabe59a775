import type { CorpusFile } from './corpusFile.ts'
import { listActive } from './listActive.ts'
import { listBroken } from './listBroken.ts'
import { listDisguised } from './listDisguised.ts'
import { listDocuments } from './listDocuments.ts'
import { listInfected } from './listInfected.ts'
import { listOddNames } from './listOddNames.ts'
import { listPacked } from './listPacked.ts'
import { listPictures } from './listPictures.ts'
import { listTestFiles } from './listTestFiles.ts'
import { listTexts } from './listTexts.ts'
import { listDisturbed, listTurnedAway } from './listTurnedAway.ts'
import { listUnscannable } from './listUnscannable.ts'

/** Every file of the demo, with what must become of it. What takes longest to end comes first. */
export const listCorpus = (options: { testFilesFolder: string }): CorpusFile[] => [
  ...listDisturbed(),
  ...listPictures(),
  ...listInfected(),
  ...listDocuments(),
  ...listUnscannable(),
  ...listHostile(),
  ...listTexts(),
  ...listTurnedAway(),
  ...listTestFiles(options.testFilesFolder),
  ...listOddNames(),
]

/** What people with bad intentions send, or programs with bad luck. */
export const listHostile = (): CorpusFile[] => [...listPacked(), ...listDisguised(), ...listActive(), ...listBroken()]
