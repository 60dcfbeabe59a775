import type { CorpusFile } from './corpusFile.ts'
import { listDocuments } from './listDocuments.ts'
import { listInfected } from './listInfected.ts'
import { listOddNames } from './listOddNames.ts'
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
  ...listTexts(),
  ...listTurnedAway(),
  ...listTestFiles(options.testFilesFolder),
  ...listOddNames(),
]
