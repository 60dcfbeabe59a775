import { z } from 'zod'

/** An id of a workflow, a run or an outbox entry: ids and times only, so nothing in it can end a query. */
export const workflowId = z.string().regex(/^[\w.:+-]{1,250}$/, { error: 'expected the id of a workflow or of a run' })
