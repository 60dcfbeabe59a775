import { describe, expect, it } from 'vitest'
import { attachmentStates } from './attachment.ts'
import { decideIncomingObject, decidePlacedObject } from './decideStoredObject.ts'

const windows = { straySeconds: 100, vanishedSeconds: 10, failedSeconds: 1_000 }
const old = 1_000_000

describe('decideIncomingObject', () => {
  it('never removes the pinned version of a scan, however old', () => {
    const owner = { state: 'scanning', pinnedVersionId: 'v1' } as const
    expect(decideIncomingObject({ owner, versionId: 'v1', ageSeconds: old }, windows)).toBe('keep')
  })

  it('never removes a version while nothing is pinned yet', () => {
    const owner = { state: 'scanning', pinnedVersionId: null } as const
    expect(decideIncomingObject({ owner, versionId: 'v1', ageSeconds: old }, windows)).toBe('keep')
  })

  it('removes a second upload beside the pinned version, after the window', () => {
    const owner = { state: 'scanning', pinnedVersionId: 'v1' } as const
    expect(decideIncomingObject({ owner, versionId: 'v2', ageSeconds: 101 }, windows)).toBe('remove')
  })

  it('starts the scan of an upload that nobody completed', () => {
    const owner = { state: 'awaiting-upload', pinnedVersionId: null } as const
    expect(decideIncomingObject({ owner, versionId: 'v1', ageSeconds: 11 }, windows)).toBe('start-scan')
    expect(decideIncomingObject({ owner, versionId: 'v1', ageSeconds: 9 }, windows)).toBe('keep')
  })

  it('keeps the bytes of a failed scan for its replay, and no longer', () => {
    const owner = { state: 'failed', pinnedVersionId: 'v1' } as const
    expect(decideIncomingObject({ owner, versionId: 'v1', ageSeconds: 999 }, windows)).toBe('keep')
    expect(decideIncomingObject({ owner, versionId: 'v1', ageSeconds: 1_001 }, windows)).toBe('remove')
  })

  it('removes nothing younger than the window', () => {
    for (const owner of [null, ...attachmentStates.map((state) => ({ state, pinnedVersionId: 'v1' }))]) {
      expect(decideIncomingObject({ owner, versionId: 'v2', ageSeconds: 100 }, windows)).not.toBe('remove')
    }
  })

  it('removes what lies in incoming after every end but failed, and what no row knows', () => {
    const ends = ['clean', 'quarantined', 'refused', 'expired', 'deleted'] as const
    for (const owner of [null, ...ends.map((state) => ({ state, pinnedVersionId: 'v1' }))]) {
      expect(decideIncomingObject({ owner, versionId: 'v1', ageSeconds: 101 }, windows)).toBe('remove')
    }
  })
})

describe('decidePlacedObject', () => {
  it('keeps what a row points at, and removes what none does after the window', () => {
    const owner = { state: 'clean', pinnedVersionId: 'v1' } as const
    expect(decidePlacedObject({ owner, ageSeconds: old }, 'clean', windows)).toBe('keep')
    expect(decidePlacedObject({ owner: null, ageSeconds: 101 }, 'clean', windows)).toBe('remove')
    expect(decidePlacedObject({ owner: null, ageSeconds: 99 }, 'clean', windows)).toBe('keep')
  })

  it('removes the clean object of a deleted attachment, and keeps its quarantined one for its retention', () => {
    const owner = { state: 'deleted', pinnedVersionId: 'v1' } as const
    expect(decidePlacedObject({ owner, ageSeconds: 101 }, 'clean', windows)).toBe('remove')
    expect(decidePlacedObject({ owner, ageSeconds: 101 }, 'quarantine', windows)).toBe('keep')
  })
})
