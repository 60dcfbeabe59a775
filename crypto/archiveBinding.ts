import type { KeyContext } from '../domain/ports.ts'
import { joinParts } from './joinParts.ts'

/** A run: one execution under a workflow id. */
export type RunRef = { workflowId: string; runId: string }

/** What the wrapped key of one archived history was made for: give it to `generateDataKey` and, the same, to `unwrapDataKey`. */
export const toArchiveKeyContext = ({ workflowId, runId }: RunRef): KeyContext => ({ purpose: 'archived-history', workflowId, runId })

/** The associated data of an archived history's stream, so that bytes copied to another run do not open (law 10). */
export const toArchiveAssociatedData = ({ workflowId, runId }: RunRef): Buffer => joinParts(['archived-history', workflowId, runId])
