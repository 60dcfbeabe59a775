import type { KeyContext } from '../domain/ports.ts'
import type { DataKeyPurpose } from './entities/DataKey.ts'

/** The key of the key service that wraps a district's keys. */
export const toDistrictKeyName = (districtId: string): string => `district/${districtId}`

/** What a data key was made for; the key service unwraps it for nothing else. */
export const toDataKeyContext = (districtId: string, purpose: DataKeyPurpose, epoch: number): KeyContext => ({
  districtId,
  purpose,
  epoch: String(epoch),
})
