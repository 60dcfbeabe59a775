import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scanAttachmentId } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { readEverything } from '../support/readOncallActs.ts'
import { oncallEnvironment, runOncall } from '../support/runOncall.ts'

let world: AttachmentWorld
beforeAll(async () => {
  world = await createAttachmentWorld()
})
afterAll(() => world?.close())

describe('wrong use', () => {
  const id = '00000000-0000-7000-8000-00000000abcd'
  const lines: string[][] = [
    [],
    ['scans'],
    ['dance'],
    ['scans', 'list', '--since', `1h'; drop table attachments; --`],
    ['scans', 'list', '--stage', 'clean'],
    ['scans', 'list', '--district', `' or true --`],
    ['scans', 'list', '--limit', '1000000'],
    ['scans', 'list', 'more'],
    ['scans', 'show'],
    ['scans', 'show', `${id}' or true --`],
    ['scans', 'replay', id, '--apply'],
    ['scans', 'replay', id, '--apply', '--reason', '   '],
    ['scans', 'replay', id, '--apply', '--reason', 'x'.repeat(501)],
    ['scans', 'replay', id, '--all', '--since', '2h'],
    ['scans', 'replay', '--all'],
    ['scans', 'replay', id, '--aply'],
    ['scans', 'replay', '../../etc/passwd'],
    ['outbox', 'retry', '--all', '--apply'],
    ['outbox', 'retry', `x' or '1'='1`],
    ['history', `x' or WorkflowType = 'y`, '--reason', 'why'],
    ['history', scanAttachmentId(id, 1), '--run', 'x', '--reason', 'why'],
    ['history', scanAttachmentId(id, 1)],
    ['hashes', 'lift', 'abc', '--apply', '--reason', 'why'],
  ]
  test.each(lines.map((args) => [args.join(' ').slice(0, 60), args] as const))(
    '"%s" ends with 2, says how to mend it, repeats nothing and changes nothing',
    async (_, args) => {
      const before = await readEverything(world)
      const { code, stdout, stderr } = await runInProcess(args)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('npm run oncall')
      for (const typed of args.filter((one) => /[' ./]|x{9}/.test(one))) expect(stderr).not.toContain(typed)
      expect(await readEverything(world)).toEqual(before)
    },
  )

  test('help is there at every level, on stdout, and needs no stack', async () => {
    for (const args of [['--help'], ['scans', '--help'], ['scans', 'replay', '--help'], ['history', '--help']]) {
      const { code, stdout } = await runInProcess(args, {})
      expect(code).toBe(0)
      expect(stdout).toContain('npm run oncall -- ')
    }
    expect((await runOncall(world, ['--help'])).code).toBe(0)
  })

  test('without a database it says how to mend it, and shows no password', async () => {
    const url = world.database.urls.oncall.replace(/:\d+\//, ':1/')
    const { code, stdout, stderr } = await runOncall(world, ['scans', 'list'], { DATABASE_URL_ONCALL: url })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('Postgres cannot be reached')
    expect(stderr).not.toContain(new URL(url).password)
  })
})

const runInProcess = async (args: string[], env?: Record<string, string>): Promise<{ code: number; stdout: string; stderr: string }> => {
  const { runOncall: run } = await import('../../oncall/runOncall.ts')
  const { exitCode, stdout, stderr } = await run(args, env ?? oncallEnvironment(world), new AbortController().signal)
  return { code: exitCode, stdout, stderr }
}
