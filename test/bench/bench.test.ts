import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { BenchDocument } from '../../bench/bench.ts'

const run = (...args: string[]) => promisify(execFile)(process.execPath, ['bench/benchMain.ts', ...args], { timeout: 170_000 })

describe('npm run bench', () => {
  test('measures against a floor in the same run, and prints one document and nothing else', { timeout: 180_000 }, async () => {
    const { stdout } = await run('attachments', '--quick', '--json', '--only', 'latency')
    const document = JSON.parse(stdout) as BenchDocument
    expect(document).toMatchObject({
      bench: 'attachments',
      machine: { cores: expect.any(Number), node: process.versions.node },
      ratios: { latency_p50_over_floor: { value: expect.any(Number), aim: '<= 2', met: expect.any(Boolean) } },
    })
    expect(document.figures['floor_p50_ms']).toBeGreaterThan(0)
  })

  test('says what there is to measure when it is asked for something else', async () => {
    await expect(run('messages')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('attachments') })
    await expect(run('attachments', '--only', 'colour')).rejects.toMatchObject({ stderr: expect.stringContaining('throughput') })
    await expect(run('translation', '--only', 'colour')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('readers') })
  })

  test.each([
    ['readers', 'package.json', 'which --only leaves out'],
    ['survival', 'no-such-folder', 'cannot be read as a folder'],
    ['survival', 'docs', 'holds no .jsonl file'],
  ])('says before it starts anything why %s cannot use --data %s', async (part, folder, why) => {
    const asked = run('translation', '--only', part, '--data', folder)
    await expect(asked).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(why) })
  })
})
