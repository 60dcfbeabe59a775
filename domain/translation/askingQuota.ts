/**
 * How many translations one person may ask for in a day that were not there, unless their district says otherwise (`districts.person_translations_per_day`): many more than anybody reads, and
 * few enough that nobody uses up the district's characters by asking for everything in every language. A bucket that drains (`domain/drainingBucket.ts`).
 */
export const translationsPerDayDefault = 200
