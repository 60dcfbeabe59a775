import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CorpusFile } from '../../demo/corpus/corpusFile.ts'
import { listCorpus } from '../../demo/corpus/listCorpus.ts'
import { listOddNames } from '../../demo/corpus/listOddNames.ts'
import { findClamavTestfiles } from '../../stack/binaries/findClamavTestfiles.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { openStored } from '../support/openStored.ts'
import { present } from '../support/present.ts'
import { showTable } from '../support/showTable.ts'

let world: AttachmentWorld
beforeAll(async () => {
  world = await createAttachmentWorld()
  await world.startWorkers()
})
afterAll(() => world?.close())

/** As many as a class sends at once. */
const clients = 12

/** Everything whose bytes somebody looks at. Names are the API's to refuse, before there are any bytes; `npm run demo` sends those. */
const listLookedAt = async (): Promise<CorpusFile[]> => {
  const names = new Set(listOddNames().map((file) => file.name))
  const corpus = listCorpus({ testFilesFolder: await findClamavTestfiles() })
  return corpus.filter(({ name, journey, expected }) => journey === 'upload' && expected.verdict !== null && !names.has(name))
}

type End = { file: string; state: string; verdict: string; reason: string; 'as expected': string }

const sendOne = async (file: CorpusFile, content: Buffer): Promise<End> => {
  const id = await world.send(content, file.contentType)
  await world.scanOutcome(id).catch(() => undefined)
  const row = await world.row(id)
  const { state, verdict, reason } = file.expected
  let asExpected = row.state === state && row.verdict === verdict && row.refusal_reason === reason
  if (row.state === 'clean' && file.privateMark !== undefined) {
    const { plaintext } = await openStored(world, 'clean', present(row.clean_key))
    asExpected &&= !plaintext.includes(file.privateMark)
  }
  return {
    file: file.name,
    state: row.state,
    verdict: row.verdict ?? '',
    reason: row.refusal_reason ?? '',
    'as expected': asExpected ? 'yes' : 'no',
  }
}

test(
  'every hostile file, many at once, ends as the table of the corpus says: none is stuck, none is failed, and nothing private comes out',
  // Nothing here waits for a clock: it takes as long as the machine needs for its bombs and floods.
  { timeout: 600_000 },
  async () => {
    const files = await listLookedAt()
    const ends: End[] = []
    // Made before anything is sent: some take seconds in which this process, which is also the API and the worker, does nothing else.
    const made: [CorpusFile, Buffer][] = []
    for (const file of files) made.push([file, await file.make()])
    const queue = made.values()
    const work = async (): Promise<void> => {
      for (const [file, content] of queue) ends.push(await sendOne(file, content))
    }
    await Promise.all(Array.from({ length: clients }, work))
    showTable(ends)
    expect(ends.filter((end) => end['as expected'] !== 'yes')).toEqual([])
    expect(ends).toHaveLength(files.length)
  },
)
