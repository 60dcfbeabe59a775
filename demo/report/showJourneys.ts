import { styleText } from 'node:util'
import type { WriteStream } from 'node:tty'
import { isAsExpected, type FileResult } from './fileResult.ts'
import { showText } from './showText.ts'

/** Shows every file's way while it is under way. All on one stream, so that standard output stays free for the result. */
export type JourneyDisplay = {
  /** `step` is a state, or what the client is doing. */
  moved(name: string, step: string): void
  ended(result: FileResult): void
  close(): void
}

type Style = Parameters<typeof styleText>[0]
const styles: Record<string, Style> = { clean: 'green', quarantined: 'magenta', refused: 'yellow', expired: 'gray' }

const toEndLine = (stream: WriteStream, result: FileResult): string => {
  const state = styleText(styles[result.state] ?? 'red', result.state.padEnd(11), { stream })
  const mark = isAsExpected(result) ? styleText('green', '✓', { stream }) : styleText('red', '✗', { stream })
  const seconds = `${(result.ms / 1_000).toFixed(1)} s`.padStart(7)
  const faults = result.faults.length === 0 ? '' : styleText('red', `  ${result.faults.join('; ')}`, { stream })
  return `${mark} ${state} ${seconds}  ${showText(result.file.name)}${faults}`
}

/** A line per change: for pipes and logs. */
const showLines = (stream: WriteStream): JourneyDisplay => ({
  moved: (name, step) => stream.write(`· ${step.padEnd(11)}          ${showText(name)}\n`),
  ended: (result) => stream.write(`${toEndLine(stream, result)}\n`),
  close: () => undefined,
})

/** Ended files scroll up; those under way are redrawn in place below them. */
const showInPlace = (stream: WriteStream, total: number): JourneyDisplay => {
  const underWay = new Map<string, string>()
  let drawn = 0
  let ended = 0
  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\u001b[J`)
  const redraw = (above: string): void => {
    const room = Math.max(1, stream.rows - 3)
    const shown = [...underWay]
      .slice(-room)
      .map(([name, step]) => styleText('cyan', `  … ${step.padEnd(18)} ${showText(name)}`, { stream }))
    const lines = underWay.size === 0 ? [] : [...shown, styleText('dim', `    ${ended} of ${total} files ended`, { stream })]
    stream.write(`${erase()}${above}${lines.map((line) => `${line}\n`).join('')}`)
    drawn = lines.length
  }
  return {
    moved: (name, step) => {
      underWay.set(name, step)
      redraw('')
    },
    ended: (result) => {
      underWay.delete(result.file.name)
      ended += 1
      redraw(`${toEndLine(stream, result)}\n`)
    },
    close: () => {
      underWay.clear()
      redraw('')
    },
  }
}

export const showJourneys = (stream: WriteStream, total: number): JourneyDisplay =>
  stream.isTTY ? showInPlace(stream, total) : showLines(stream)
