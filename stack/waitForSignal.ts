/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP. Later ones are ignored: a terminal and npm may
 * each send the same Ctrl-C.
 */
export const waitForSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal))
  })
