/**
 * Loaded before an application that `node --watch` runs: keeps Node from making worker threads report which files they
 * load. The reports take the port on which Temporal's workflow threads talk, and Temporal's worker dies of them.
 */
delete process.env.WATCH_REPORT_DEPENDENCIES
