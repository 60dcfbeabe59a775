import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sweepSpool } from './sweepSpool.ts'

test('what a killed process left is removed, what one that lives has just opened is not, and neither is what is not ours', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-sweep-'))
  try {
    const before = new Date(Date.now() - 120_000)
    for (const name of ['hallpass-roster-left', 'hallpass-spool-left', 'hallpass-roster-young', 'another'])
      await writeFile(join(folder, name), '')
    for (const name of ['hallpass-roster-left', 'hallpass-spool-left', 'another']) await utimes(join(folder, name), before, before)
    expect(await sweepSpool(folder)).toBe(2)
    expect((await readdir(folder)).toSorted()).toEqual(['another', 'hallpass-roster-young'])
  } finally {
    await rm(folder, { recursive: true })
  }
})
