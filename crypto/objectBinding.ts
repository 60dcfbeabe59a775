import type { KeyContext } from '../domain/ports.ts'
import { joinParts } from './joinParts.ts'

/** What the wrapped key of one object was made for (law 10): give it to `generateDataKey` and, the same, to `unwrapDataKey`. */
export const toObjectKeyContext = (districtId: string, objectKey: string): KeyContext => ({ purpose: 'object', districtId, objectKey })

/** The associated data of an object's stream, so that bytes copied to another key or district do not open (law 10). */
export const toObjectAssociatedData = (districtId: string, objectKey: string): Buffer => joinParts(['object', districtId, objectKey])
