import { parseArgs } from 'node:util'

export const demoHelp = `npm run demo -- [--once] [--json] [--help]

Starts the whole stack on this machine, imports the roster of a sample district, and sends more than 250 real
files through it over HTTP: pictures, papers, recordings, and everything that must not come through. Then
families read an announcement in their own languages, a student leaves a section, and a broken export trips
the brake.

  --once   end when all that was shown; exit code 0 only if every file ended, and everything was seen, as it must
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
