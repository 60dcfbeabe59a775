import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alerts } from '../../domain/alerts.ts'
import { findPromtool } from '../../stack/binaries/findPromtool.ts'

const run = promisify(execFile)
const folder = fileURLToPath(new URL('../../deploy/prometheus/', import.meta.url))
const rules = await readFile(join(folder, 'alerts.yml'), 'utf8')
const cases = await readFile(join(folder, 'alerts.test.yml'), 'utf8')
/** Each rule's text by its alert's name. */
const ruleOf = new Map(
  rules
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf('\n')), text]),
)
const names = [...ruleOf.keys()]
/** Each case's text by its name. */
const caseOf = new Map(
  cases
    .split(/^ {2}- name: /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf('\n')), text]),
)
const toSlug = (name: string): string => name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()

let promtool: string
let copy: string
beforeAll(async () => {
  promtool = await findPromtool()
  copy = await mkdtemp(join(tmpdir(), 'hallpass-rules-'))
})
afterAll(() => rm(copy, { recursive: true, force: true }))

const tryRules = async (text: string): Promise<string> => {
  await cp(folder, copy, { recursive: true })
  await writeFile(join(copy, 'alerts.yml'), text)
  return run(promtool, ['test', 'rules', 'alerts.test.yml'], { cwd: copy }).then(
    () => 'passed',
    ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
  )
}

/** The rules, each with this expression in the place of its own. */
const withExpression = (expression: string): string => rules.replaceAll(/expr: >-\n {10}.*\n/g, () => `expr: >-\n          ${expression}\n`)

describe('the alert rules', () => {
  test('do in each of their cases what the case says', async () => {
    await run(promtool, ['check', 'config', 'prometheus.yml'], { cwd: folder })
    expect(await tryRules(rules)).toBe('passed')
  })

  test.each(names)('%s has a case in which it fires and one in which it is quiet', (name) => {
    expect(caseOf.get(`${name} fires`)).toMatch(new RegExp(`alertname: ${name}\\n[\\s\\S]*exp_alerts:\\n`))
    expect(caseOf.get(`${name} is quiet`)).toMatch(new RegExp(`alertname: ${name}\\n[\\s\\S]*exp_alerts: \\[\\]`))
  })

  test('are each missed by their cases when they never fire, and when they fire whatever they see', async () => {
    const silenced = await tryRules(withExpression('vector(0) > 1'))
    expect(names.filter((name) => !silenced.includes(`name: ${name} fires`))).toEqual([])
    const stuck = await tryRules(withExpression('vector(1)'))
    expect(names.filter((name) => !stuck.includes(`name: ${name} is quiet`))).toEqual([])
  })

  test.each(names)('%s says how urgent it is, how long it must last, what it means, and where to read on', async (name) => {
    expect(ruleOf.get(name)).toMatch(
      /\n {8}for: \d+[smh]\n {8}labels:\n {10}severity: (critical|error|warning)\n {8}annotations:\n {10}summary: '.+'\n/,
    )
    expect(ruleOf.get(name)).toContain(`runbook_url: docs/runbooks/${toSlug(name)}.md`)
    await readFile(new URL(`../../docs/runbooks/${toSlug(name)}.md`, import.meta.url))
  })

  test('are as urgent, and say the same, as what the product pages by the same name', () => {
    const shared = names.filter((name) => toSlug(name) in alerts)
    expect(shared.length).toBeGreaterThan(8)
    for (const name of shared) {
      const alert = alerts[toSlug(name) as keyof typeof alerts]
      expect(ruleOf.get(name)).toContain(`severity: ${alert.severity}\n`)
      expect(ruleOf.get(name)).toContain(`summary: '${alert.summary}'\n`)
    }
  })
})
