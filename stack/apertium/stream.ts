/** Apertium's stream format, in which these have a meaning: https://wiki.apertium.org/wiki/Apertium_stream_format */
const meaningful = /[\\[\]{}^$/@<>]/g

/** A line as the programs read it. The empty blank at its end is what they wait for; `~` wakes the last of them, so it is a blank too, which goes through as it is. */
export const toStream = (line: string): string => `${line.replace(meaningful, String.raw`\$&`).replaceAll('~', '[~]')}[]`

/** What the programs made of it. */
export const fromStream = (made: string): string => made.replace(/\\([^])|[[\]]/g, (_, escaped: string | undefined) => escaped ?? '')
