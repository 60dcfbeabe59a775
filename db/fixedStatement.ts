import { CompiledQuery, type QueryExecutorProvider, type RawBuilder } from 'kysely'

/** Stands for a value while a statement is put together. Looking at it is a mistake: the text would depend on a value that is not there. */
class StandIn {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  get length(): never {
    return this.refuse()
  }

  [Symbol.iterator](): never {
    return this.refuse()
  }

  [Symbol.toPrimitive](): never {
    return this.refuse()
  }

  private refuse(): never {
    throw new Error(`a fixed statement looks at "${this.name}": its text may not depend on a value`)
  }
}

type Fixed = { text: string; toParameters(values: object): unknown[] }

/** What decides over the text of a statement, a few choices that each have a few answers. */
type Shape = Readonly<Record<string, boolean | string>>

/**
 * A statement whose text is the same whatever the values are, put together when it is first run in a shape: for the ones with hundreds of parts that run all day. `build`
 * places the values and never looks at them; what the text depends on is in the shape. A value that stands in many places is sent once. Answers the rows.
 */
export const fixedStatement = <Values extends object, Row, Of extends Shape = Record<string, never>>(
  build: (values: Values, shape: Of) => RawBuilder<Row>,
): ((db: QueryExecutorProvider, values: Values, shape: Of) => Promise<Row[]>) => {
  const known = new Map<string, Fixed>()
  return async (db, values, shape) => {
    const key = JSON.stringify(shape)
    const fixed = known.get(key) ?? putTogether(db, (standIns) => build(standIns as Values, shape))
    known.set(key, fixed)
    return (await db.getExecutor().executeQuery<Row>(CompiledQuery.raw(fixed.text, fixed.toParameters(values)))).rows
  }
}

const putTogether = (db: QueryExecutorProvider, build: (values: object) => RawBuilder<unknown>): Fixed => {
  const standIns = new Map<string | symbol, StandIn>()
  const standInFor = (name: string | symbol): StandIn => {
    const standIn = standIns.get(name) ?? new StandIn(String(name))
    standIns.set(name, standIn)
    return standIn
  }
  const { sql, parameters } = build(new Proxy({}, { get: (_, name) => standInFor(name) })).compile(db)
  const sent = [...new Set(parameters)]
  const places = parameters.map((parameter) => sent.indexOf(parameter) + 1)
  const text = sql.replace(/\$(\d+)/g, (_, number: string) => `$${places[Number(number) - 1]}`)
  return {
    text,
    toParameters: (values) =>
      sent.map((parameter) => (parameter instanceof StandIn ? (values as Record<string, unknown>)[parameter.name] : parameter)),
  }
}
