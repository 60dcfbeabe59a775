import { Console } from 'node:console'
import type { Writable } from 'node:stream'
import type { Outcome } from '../corpus/corpusFile.ts'
import { isAsExpected, type FileResult } from './fileResult.ts'
import { showText } from './showText.ts'
import type { DemoReport } from './toReport.ts'

const showOutcome = ({ state, verdict, reason }: Outcome): string =>
  [state, verdict ?? '–', ...(reason === null ? [] : [reason])].join(', ')

/** Events of one key are one page. */
const countPages = (alerts: DemoReport['alerts']): number => new Set(alerts.map(({ dedupKey }) => dedupKey)).size

/** The end of the demo for people: every file, then the alerts, then the sums. */
export const printTable = (stream: Writable, results: readonly FileResult[], report: DemoReport): void => {
  const console = new Console(stream)
  console.table(
    results.map((result) => ({
      file: showText(result.file.name, 34),
      by: result.file.by,
      state: result.state,
      verdict: result.verdict ?? '–',
      why: result.reason ?? '',
      ms: Math.round(result.ms),
      'as expected': isAsExpected(result) ? 'yes' : `NO: ${showOutcome(result.file.expected)}`,
    })),
  )
  // While all is well, sweeps and workers say so too.
  const raised = report.alerts.filter(({ action }) => action === 'trigger')
  const alike = Map.groupBy(raised, ({ severity, summary }) => `${severity ?? ''}: ${showText(summary ?? '', 90)}`)
  console.log(`${countPages(raised)} pages, of ${raised.length} events`)
  for (const [words, alerts] of alike) {
    const events = alerts.length === countPages(alerts) ? '' : ` (${alerts.length} events)`
    console.log(`  ${String(countPages(alerts)).padStart(3)} × ${words}${events}`)
  }
  for (const { file, faults } of results) for (const fault of faults) console.log(`✗ ${showText(file.name)}: ${fault}`)
  const { total, asExpected, clean, quarantined, refused, expired, failed } = report.summary
  console.log(
    `${asExpected} of ${total} as expected: ${clean} clean, ${quarantined} quarantined, ${refused} refused, ${expired} expired, ${failed} failed`,
  )
}
