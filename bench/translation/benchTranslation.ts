import { describeMachine, type BenchDocument, type Measured } from '../bench.ts'
import { makeSentences } from './makeSentences.ts'
import { measureOverhead } from './measureOverhead.ts'
import { measureSurvival } from './measureSurvival.ts'
import { readPairs } from './readPairs.ts'
import { withTranslator } from './withTranslator.ts'

const sentences = { whole: 2_000, quick: 100 }

const measureAll = (isQuick: boolean, folder: string): Promise<Measured[]> =>
  withTranslator(async (translator, endpoint) => [
    await measureOverhead({ translator, endpoint, isQuick }),
    await measureSurvival(translator, makeSentences(isQuick ? sentences.quick : sentences.whole), 'generated'),
    ...(folder === '' ? [] : [await measureSurvival(translator, await readPairs(folder), 'data')]),
  ])

/** What guard and client cost over the bare call, and what comes through a translation unchanged; each part adds its ratios and figures to one document. */
export const benchTranslation = async ({ isQuick, data }: { isQuick: boolean; data: string }): Promise<BenchDocument> => {
  const measured = await measureAll(isQuick, data)
  return {
    bench: 'translation',
    machine: describeMachine(),
    ratios: Object.assign({}, ...measured.map(({ ratios }) => ratios)) as BenchDocument['ratios'],
    figures: Object.assign({}, ...measured.map(({ figures }) => figures)) as BenchDocument['figures'],
  }
}
