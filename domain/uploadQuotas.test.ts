import fc from 'fast-check'
import { expect, it } from 'vitest'
import { personShareMax, secondsUntilRoom, uploadQuotaDefaults } from './uploadQuotas.ts'

const quota = { files: 100, bytes: 1_000_000 }

it('asks to wait until the file fits, and not longer than that by more than a second', () => {
  fc.assert(
    fc.property(fc.double({ min: 99.5, max: 100, noNaN: true }), fc.double({ min: 0, max: 1_000_000, noNaN: true }), (files, bytes) => {
      const cost = { files: 1, bytes: 500_000 }
      const seconds = secondsUntilRoom({ files, bytes }, cost, quota)
      const after = (wait: number) => ({
        files: Math.max(0, files - (wait * quota.files) / 86_400),
        bytes: Math.max(0, bytes - (wait * quota.bytes) / 86_400),
      })
      const fits = (wait: number): boolean => {
        const left = after(wait)
        return left.files + cost.files <= quota.files + 1e-6 && left.bytes + cost.bytes <= quota.bytes + 1e-3
      }
      expect(fits(seconds)).toBe(true)
      expect(seconds === 1 || !fits(seconds - 1.001)).toBe(true)
    }),
  )
})

it('leaves room for twenty people at the least, as districts come', () => {
  expect(uploadQuotaDefaults.personFilesPerDay).toBeLessThanOrEqual(uploadQuotaDefaults.districtFilesPerDay * personShareMax)
  expect(uploadQuotaDefaults.personBytesPerDay).toBeLessThanOrEqual(uploadQuotaDefaults.districtBytesPerDay * personShareMax)
  expect(uploadQuotaDefaults.personUploadsInFlight).toBeLessThanOrEqual(uploadQuotaDefaults.districtUploadsInFlight * personShareMax)
})
