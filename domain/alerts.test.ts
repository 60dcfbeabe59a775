import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { alerts, toAlert, type AlertName } from './alerts.ts'

const runbooks = new URL('../docs/runbooks/', import.meta.url)
const names = Object.keys(alerts) as AlertName[]

describe('the table of alerts', () => {
  it("has a page in docs/runbooks/ for every alert, and no page is of no alert, be it the product's or Prometheus'", () => {
    const pages = readdirSync(runbooks).filter((page) => page !== 'README.md')
    const rules = readFileSync(new URL('../deploy/prometheus/alerts.yml', import.meta.url), 'utf8')
    const fromOutside = [...rules.matchAll(/runbook_url: docs\/runbooks\/(.+\.md)/g)].map(([, page = '']) => page)
    const wanted = new Set([...names.map((name) => `${name}.md`), ...fromOutside])
    expect(pages.toSorted()).toEqual([...wanted].toSorted())
  })

  it('is listed with its severity on the first page of the runbooks', () => {
    const rows = readFileSync(new URL('README.md', runbooks), 'utf8').split('\n')
    const without = names.filter((name) => !rows.some((row) => row.startsWith(`| [${name}](${name}.md) | ${alerts[name].severity} |`)))
    expect(without).toEqual([])
  })

  it.each(names)('%s has a name and a summary that the pager takes', (name) => {
    const subject = '0190a000-0000-7000-8000-000000000000'
    const alert = toAlert(name, { action: 'trigger', subject, note: 'x'.repeat(200), details: {} })
    expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/)
    expect(alert.dedupKey).toBe(`${name}:${subject}`)
    expect(alert.dedupKey.length).toBeLessThanOrEqual(255)
    expect(alert.summary.length).toBeLessThanOrEqual(1_024)
  })
})

describe('an alert', () => {
  it('of one state for all has its name as its key, and says where to read on', () => {
    expect(toAlert('scanner-down', { action: 'trigger', details: { host: 'h' } })).toEqual({
      action: 'trigger',
      dedupKey: 'scanner-down',
      severity: 'critical',
      summary: alerts['scanner-down'].summary,
      source: 'hallpass-worker',
      component: 'scanner',
      runbook: 'scanner-down',
      details: { host: 'h' },
    })
  })
})
