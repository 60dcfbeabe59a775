/** An event of a history as `temporal workflow show --output json` has it. Which attributes there are depends on its type. */
export type HistoryEvent = { eventId: string; eventTime: string; eventType: string; [attributes: string]: unknown }

/** What lies at the end of these names, or undefined. */
export const at = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>(
    (found, name) => (found !== null && typeof found === 'object' ? (found as Record<string, unknown>)[name] : undefined),
    value,
  )

/** The same when it is text, else null. Numbers of 64 bits are text in this JSON. */
export const textAt = (value: unknown, ...names: readonly string[]): string | null => {
  const found = at(value, ...names)
  return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : null
}

/** `EVENT_TYPE_TIMER_FIRED` is `timer fired`. */
export const toKind = ({ eventType }: HistoryEvent): string =>
  eventType
    .replace(/^EVENT_TYPE_/, '')
    .replaceAll('_', ' ')
    .toLowerCase()

/** The one object of attributes that an event has. */
export const attributesOf = (event: HistoryEvent): unknown => {
  const name = Object.keys(event).find((key) => key.endsWith('EventAttributes'))
  return name === undefined ? undefined : event[name]
}
