import type { ByteRange } from '../../domain/ports.ts'

/**
 * Which bytes a request asks for (RFC 9110, 14.2): a range, `whole` when it asks for all, for several ranges or for
 * something that is no byte range, and `unsatisfiable` when it lies outside the file. Own code, since range-parser 1.3.0
 * calls a suffix longer than the file unsatisfiable and a malformed header too.
 */
export const parseRange = (header: string | undefined, bytes: number): ByteRange | 'whole' | 'unsatisfiable' => {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === undefined || last === undefined || first + last === '') return 'whole'
  if (first === '') {
    const suffix = Math.min(Number(last), bytes)
    return suffix === 0 ? 'unsatisfiable' : { first: bytes - suffix, last: bytes - 1 }
  }
  const range = { first: Number(first), last: last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1) }
  if (range.first >= bytes) return 'unsatisfiable'
  return last !== '' && Number(last) < range.first ? 'whole' : range
}
