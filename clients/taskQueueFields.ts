import { z } from 'zod'
import { taskQueues, type TaskQueues } from '../workflows/contract.ts'

/** The variables of the environment that name task queues: tests give each file its own. */
export const taskQueueFields = {
  TASK_QUEUE_ATTACHMENTS: z.string().min(1).default(taskQueues.attachments),
  TASK_QUEUE_MAINTENANCE: z.string().min(1).default(taskQueues.maintenance),
  TASK_QUEUE_ROSTER: z.string().min(1).default(taskQueues.roster),
  TASK_QUEUE_SAFETY: z.string().min(1).default(taskQueues.safety),
  TASK_QUEUE_TRANSLATIONS: z.string().min(1).default(taskQueues.translations),
}

export const toTaskQueues = (env: Record<keyof typeof taskQueueFields, string>): TaskQueues => ({
  attachments: env.TASK_QUEUE_ATTACHMENTS,
  maintenance: env.TASK_QUEUE_MAINTENANCE,
  roster: env.TASK_QUEUE_ROSTER,
  safety: env.TASK_QUEUE_SAFETY,
  translations: env.TASK_QUEUE_TRANSLATIONS,
})
