import { setTimeout as wait } from 'node:timers/promises'

const patienceMs = 120_000
const pauseMs = 50

/** An answer to somebody who asks for a translation. */
type Answer = { status: number; json(): Promise<object> }

/** Asks until the translation is there, and answers its text. A machine that has too much to do says so (503), and is asked again. @throws when it is refused, or does not come. */
export const awaitTranslated = async (ask: () => Promise<Answer>): Promise<string> => {
  const until = performance.now() + patienceMs
  for (;;) {
    const answer = await ask()
    const body = await answer.json()
    if (answer.status === 200 && 'text' in body) return String(body.text)
    const isPassing = answer.status === 202 || ('code' in body && body.code === 'try-again')
    if (!isPassing) throw new Error(`a translation was answered with HTTP ${answer.status}`)
    if (performance.now() > until) throw new Error('a translation did not come')
    await wait(pauseMs)
  }
}
