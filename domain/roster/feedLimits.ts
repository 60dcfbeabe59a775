/** What a feed may be. Each number is far above any real district, so that reaching it means a mistake or an attack. */
export const feedLimits = {
  /** OneRoster 1.2 has 23 files. */
  entriesMax: 64,
  /** A million enrollments of 120,000 people are some 200 MB. */
  unpackedBytesMax: 2 * 1024 ** 3,
  /** Rosters pack 5 to 30 times; deflate can do 1,032 times, and only for what repeats. */
  ratioMax: 200,
  /** Below this the ratio says nothing: a short file of one line again and again. */
  ratioBytesMin: 1024 ** 2,
  /** A real manifest has some thirty short lines; it is the one file that is held as a whole. */
  manifestLinesMax: 1_000,
  manifestLineCharactersMax: 1_000,
  /** The longest row we know is a student's with twenty agents: some 6,000. Bounds the memory of a file without line breaks. */
  lineCharactersMax: 65_536,
  textCharactersMax: 1_000,
  /** Bounds the index of ids at 64 MiB a file. The largest district of the United States has under a million students. */
  rowsMax: 5_000_000,
  /** Above this share of lines that do not fit the header, the header is not theirs. */
  damagedShareMax: 0.05,
} as const
