import v8 from 'node:v8'

/**
 * The collector counts the memory of buffers with the rest, against one limit that grows with what lives. By default it collects everything after each 64 MiB
 * of buffers, dead or alive, which was a quarter of this process's time while files pass through it (docs/performance.md). A V8 that no longer knows the flag says
 * so on standard error and goes on.
 */
v8.setFlagsFromString('--external-memory-accounted-in-global-limit')
