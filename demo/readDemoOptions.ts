import { parseArgs } from 'node:util'

export const demoHelp = `npm run demo -- [--once] [--json] [--help]

Starts the whole stack on this machine, fills a sample district, and sends more than 250 real files
through it over HTTP: pictures, papers, recordings, and everything that must not come through.

  --once   end when the files have ended; exit code 0 only if every one ended as it must
  --json   print one JSON document with the results on standard output
  --help   print this

Progress goes to standard error. Without --once everything stays up until Ctrl-C.
`

export type DemoOptions = { once: boolean; json: boolean; help: boolean }

/** @throws TypeError with words for the person who typed, when an option is not known. */
export const readDemoOptions = (args: readonly string[]): DemoOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  return values
}
