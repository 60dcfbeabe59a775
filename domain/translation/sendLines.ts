import { findLost } from './findLost.ts'
import { restoreText, type HeldText } from './holdText.ts'
import type { ProtectedSpan } from './lostKind.ts'
import { countBytes, requestBytesMax } from './splitText.ts'

/** A part of a line, without what is around it that nothing is to be done with. */
export type Line = { core: string; spans: ProtectedSpan[]; held: HeldText }

export type Send = (piece: string) => Promise<string>

/** As many requests are made for a text beyond one for each packet of its lines, however many lines there are and whatever comes back. */
export const moreCallsMax = 200

/** Between the lines of one request: what every translator takes for the end of a paragraph. */
const paragraphBreak = '\n\n'

/** Lines that follow one another and fit into one request. */
const toPackets = (lines: readonly Line[]): Line[][] => {
  const packets: Line[][] = []
  let bytes = Infinity
  for (const line of lines) {
    const more = countBytes(line.held.text) + paragraphBreak.length
    if (bytes + more > requestBytesMax) {
      packets.push([])
      bytes = 0
    }
    packets.at(-1)?.push(line)
    bytes += more
  }
  return packets
}

/** What came of each of these lines when they were sent together; null when they cannot be told apart any more, or something stands in the wrong one. */
const sendTogether = async (lines: readonly Line[], send: Send): Promise<string[] | null> => {
  const answers = (await send(lines.map(({ held }) => held.text).join(paragraphBreak))).trim().split(/[^\S\n]*\n\s*\n\s*/u)
  if (answers.length !== lines.length || answers.some((answer) => answer.includes('\n'))) return null
  const restored = lines.map(({ held }, index) => restoreText(answers[index] ?? '', held))
  return restored.every(({ text, isWhole }) => isWhole && text.trim() !== '') ? restored.map(({ text }) => text) : null
}

const toOneLine = (text: string): string => text.trim().replaceAll(/\s*[\n\r\v\f\u0085\u2028\u2029]+\s*/gu, ' ')

/** With placeholders; if one gets lost, once more without, and then whichever kept more. Null when nothing came back. */
const sendAlone = async ({ core, spans, held }: Line, send: Send, mayAsk: () => boolean): Promise<string | null> => {
  const first = restoreText(toOneLine(await send(held.text)), held)
  if (first.isWhole && first.text !== '') return first.text
  const second = countBytes(core) > requestBytesMax || !mayAsk() ? '' : toOneLine(await send(core))
  // Where both kept as much, the one in which no placeholder stands twice or was made up.
  const answers = [second, first.text].filter((answer) => answer !== '')
  const [best] = answers.toSorted((one, other) => findLost(core, spans, one).length - findLost(core, spans, other).length)
  return best ?? null
}

/** Whatever does not come back line by line is sent again in halves, so that a few lines that come back wrong cost a few requests. */
const sendPacket = async (lines: readonly Line[], send: Send, mayAsk: () => boolean): Promise<(string | null)[]> => {
  const [only] = lines
  if (only !== undefined && lines.length === 1) return [await sendAlone(only, send, mayAsk)]
  const together = await sendTogether(lines, send)
  if (together !== null) return together
  const middle = Math.ceil(lines.length / 2)
  const answers: (string | null)[] = []
  for (const half of [lines.slice(0, middle), lines.slice(middle)])
    answers.push(...(mayAsk() ? await sendPacket(half, send, mayAsk) : half.map(() => null)))
  return answers
}

/**
 * Sends lines, each of which has something to translate, in as few requests as they fit in and in at most `moreCallsMax` more. Answers each line's translation: null where there is none, since nothing
 * came back for it or too much came back wrong.
 */
export const sendLines = async (lines: readonly Line[], send: Send): Promise<Map<Line, string | null>> => {
  const translated = new Map<Line, string | null>()
  let more = 0
  const mayAsk = (): boolean => {
    more += 1
    return more <= moreCallsMax
  }
  for (const packet of toPackets(lines)) {
    const answers = await sendPacket(packet, send, mayAsk)
    for (const [index, line] of packet.entries()) translated.set(line, answers[index] ?? null)
  }
  return translated
}
