import { SpanKind } from '@opentelemetry/api'
import { inChildSpan } from './inSpan.ts'

type Call = (...input: never[]) => Promise<unknown>
type Calls<Port> = { [Name in keyof Port]: Port[Name] extends Call ? Name : never }[keyof Port] & string

/**
 * The port, and each of the named calls is a span `{system} {call}` of the trace that is under way. What is given and answered is not
 * looked at.
 */
export const traceCalls = <Port extends object>(system: string, port: Port, names: readonly Calls<Port>[]): Port => {
  const traced = names.map((name) => {
    const call = port[name] as Call
    const options = { kind: SpanKind.CLIENT, attributes: { 'hallpass.system': system } }
    return [name, (...input: never[]) => inChildSpan(`${system} ${name}`, options, () => call.apply(port, input))]
  })
  return { ...port, ...Object.fromEntries(traced) }
}
