const lookEveryMs = 500

/**
 * Ends this process, in order, when `scripts/run.mjs` that started it was killed without a chance to
 * say so. Does nothing in a process that was started otherwise.
 */
export const watchLauncher = (): void => {
  const launcher = Number(process.env.HALLPASS_LAUNCHER)
  if (process.ppid !== launcher) return
  const watching = setInterval(() => {
    if (process.ppid === launcher) return
    clearInterval(watching)
    process.kill(process.pid, 'SIGTERM')
  }, lookEveryMs)
  watching.unref()
}
