const openStatuses: ReadonlySet<string> = new Set(['RUNNING', 'PAUSED', 'CONTINUED_AS_NEW'])

/** Whether a run of this status, as the server names it, goes on by itself, or will when it is let go on. */
export const isOpenRun = (status: string): boolean => openStatuses.has(status)
