import { WrongUse } from '../../deploy/wrongUse.ts'
import { describeMachine, type BenchDocument, type Measured } from '../bench.ts'
import { makeSentences, type Sample } from './makeSentences.ts'
import { measureOverhead } from './measureOverhead.ts'
import { measureReaders } from './measureReaders.ts'
import { measureSurvival } from './measureSurvival.ts'
import { measureThroughput } from './measureThroughput.ts'
import { readPairs } from './readPairs.ts'
import { openTranslationWorld, type TranslationWorld } from './translationWorld.ts'
import { fullTranslation, quickTranslation, type TranslationSize } from './translationSize.ts'
import { withTranslator, type Translating } from './withTranslator.ts'

/** What guard and client are measured by needs the translator alone, and has the machine to itself. */
const partsOfTranslator = {
  overhead: ({ translator, endpoint }, { overhead }) => measureOverhead({ translator, endpoint, ...overhead }),
  survival: async ({ translator }, { sentences }, data) => {
    const generated = await measureSurvival(translator, makeSentences(sentences), 'generated')
    return data === null ? generated : merge([generated, await measureSurvival(translator, data, 'data')])
  },
} satisfies Record<string, (translating: Translating, size: TranslationSize, data: readonly Sample[] | null) => Promise<Measured>>

const partsOfProduct = {
  readers: (world, { rounds }) => measureReaders(world, rounds),
  throughput: (world, { throughput }) => measureThroughput(world, throughput),
} satisfies Record<string, (world: TranslationWorld, size: TranslationSize) => Promise<Measured>>

const partNames = [...Object.keys(partsOfTranslator), ...Object.keys(partsOfProduct)]

const merge = (measured: readonly Measured[]): Measured => ({
  ratios: Object.assign({}, ...measured.map(({ ratios }) => ratios)) as Measured['ratios'],
  figures: Object.assign({}, ...measured.map(({ figures }) => figures)) as Measured['figures'],
})

const tell = (line: string): void => void process.stderr.write(`› ${line}\n`)

/** One part after the other. */
const measureEach = async <Part>(parts: readonly [string, Part][], measure: (part: Part) => Promise<Measured>): Promise<Measured[]> => {
  const measured: Measured[] = []
  for (const [name, part] of parts) {
    tell(name)
    measured.push(await measure(part))
  }
  return measured
}

/** @throws WrongUse when a part is not known, and when sentences are given to none. */
const refuseUnknown = (only: readonly string[] | null, folder: string): void => {
  const unknown = only?.find((name) => !partNames.includes(name))
  if (unknown !== undefined) throw new WrongUse(`there is no part ${unknown}; there are: ${partNames.join(', ')}`)
  if (folder !== '' && only?.includes('survival') === false)
    throw new WrongUse('--data is read by the part survival, which --only leaves out')
}

type Asked = { isQuick: boolean; only: readonly string[] | null; data: string }

/**
 * What guard and client cost over the bare call, what comes through a translation unchanged, how often the translator is asked for what many read, and how many messages a second the whole
 * of it translates; each part adds its ratios and figures to one document.
 */
export const benchTranslation = async ({ isQuick, only, data: folder }: Asked): Promise<BenchDocument> => {
  refuseUnknown(only, folder)
  const size = isQuick ? quickTranslation : fullTranslation
  const data = folder === '' ? null : await readPairs(folder)
  const pick = <Part>(parts: Record<string, Part>): [string, Part][] =>
    Object.entries(parts).filter(([name]) => only?.includes(name) ?? true)
  const [ofTranslator, ofProduct] = [pick(partsOfTranslator), pick(partsOfProduct)]
  const measured: Measured[] = []
  if (ofTranslator.length > 0)
    measured.push(...(await withTranslator((translating) => measureEach(ofTranslator, (part) => part(translating, size, data)))))
  if (ofProduct.length > 0) {
    tell('starting servers, API and worker')
    const world = await openTranslationWorld(size.world, tell)
    try {
      measured.push(...(await measureEach(ofProduct, (part) => part(world, size))))
    } finally {
      await world.close()
    }
  }
  return { bench: 'translation', machine: describeMachine(), ...merge(measured) }
}
