import type { FeedVersion } from './feedFiles.ts'

/** manifest.csv as rows of cells. `files` gives the mode of each by its name. */
export const toManifestRows = (files: Readonly<Record<string, string>>, version: FeedVersion): string[][] => [
  ['propertyName', 'value'],
  ['manifest.version', '1.0'],
  ['oneroster.version', version],
  ...Object.entries(files).map(([file, mode]) => [`file.${file}`, mode]),
]
