import { expect, it } from 'vitest'
import { atLeast, atMost, median, quantile, toTable } from './bench.ts'

it('judges a figure by the direction of its aim', () => {
  expect(atLeast(0.61, 0.6)).toEqual({ value: 0.61, aim: '>= 0.6', met: true })
  expect(atLeast(0.59, 0.6).met).toBe(false)
  expect(atMost(15, 15).met).toBe(true)
  expect(atMost(15.1, 15).met).toBe(false)
})

it('takes quantiles of what was measured, and of nothing none', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(quantile([5, 1, 4, 2, 3], 0.9)).toBe(5)
  expect(() => median([])).toThrow(RangeError)
})

it('shows a missed aim as missed', () => {
  const machine = { platform: 'p', processor: 'c', cores: 2, memoryGiB: 4, node: '24', date: '2026-01-01' }
  expect(toTable({ bench: 'b', machine, ratios: { r: atMost(2, 1) }, figures: { f_ms: 1 } })).toMatch(/r .* 2 .* missed/)
})
