import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { OpenDistrict } from '../demo/district/openSampleDistricts.ts'
import { findDistrictSource } from '../deploy/findDistrictSource.ts'
import type { Apps } from './startApps.ts'
import type { Stack } from './startStack.ts'
import { writeStackFile } from './writeStackFile.ts'

test('the district command finds the running stack by the file that the stack writes, and no stack once it has ended', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-stack-'))
  const stack = {
    folder,
    temporal: {},
    codec: {},
    pager: {},
    sms: {},
    postgres: { urls: { owner: 'owner address', sweeper: 'sweeper address' } },
  }
  const apps = { api: { url: 'http://127.0.0.1:1', docs: 'http://127.0.0.1:1/docs' }, worker: {}, codec: {} }
  try {
    const file = writeStackFile(stack as unknown as Stack, apps as unknown as Apps, { name: 'Sample' } as OpenDistrict)
    expect(findDistrictSource({}, folder)).toMatchObject({
      ownerUrl: 'owner address',
      sweeperUrl: 'sweeper address',
      apiUrl: 'http://127.0.0.1:1',
      isLocalStack: true,
    })
    file.remove()
    expect(findDistrictSource({}, folder)).toBeNull()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
