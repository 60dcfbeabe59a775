/**
 * Whether one of the engine's databases is older than another, by the daily numbers of clamd's `VERSION`. A database without a number cannot be
 * put in order: it counts as older than every other but itself, so that in doubt a file is looked at again. `db/queries/listRescans` says the
 * same in SQL.
 */
export const isOlderDatabase = (version: string | null, than: string): boolean =>
  version !== null && isDaily(version) && isDaily(than) ? Number(version) < Number(than) : version !== than

const isDaily = (version: string): boolean => /^\d{1,12}$/.test(version)
