const thrower = `process.on('SIGUSR2', () => { throw new Error(process.env.TEST_THROWN) })`

/** The environment of a process of ours in which something fails with these words, where nobody catches it, when it is sent SIGUSR2. */
export const throwOnSignal = (words: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(thrower)}`,
  TEST_THROWN: words,
})
