import { z } from 'zod'
import { storeUrl, usRegion } from './endpointFields.ts'
import { isInternalEndpoint } from '../domain/residency.ts'

/** Where texts are translated, and what readers are told that a translation is by. */
export type TranslationSettings = { region: string; endpoint?: string; provider: string }

/** The variables of it. */
export const translationFields = {
  TRANSLATE_REGION: usRegion.optional(),
  TRANSLATE_ENDPOINT: storeUrl.optional(),
  TRANSLATE_PROVIDER: z.string().trim().min(1).max(64).optional(),
}

type Env = z.output<z.ZodObject<typeof translationFields>>

/**
 * An endpoint is of use with a region only. What answers at an address of this machine or of the compose network is hardly Amazon Translate itself, and readers are told what it is.
 */
export const requireTranslationParts = <Shape extends z.core.$ZodShape>(environment: z.ZodObject<Shape>): z.ZodObject<Shape> =>
  environment.superRefine((variables: Record<string, unknown>, context) => {
    const { TRANSLATE_ENDPOINT: endpoint, TRANSLATE_PROVIDER: provider, TRANSLATE_REGION: region } = variables
    if (typeof endpoint !== 'string') return
    const refuse = (message: string): void => context.addIssue({ code: 'custom', path: ['TRANSLATE_ENDPOINT'], message })
    if (region === undefined) refuse('expected TRANSLATE_REGION beside it: without, nothing is translated')
    if (isInternalEndpoint(endpoint) && provider === undefined)
      refuse('expected TRANSLATE_PROVIDER beside it, since what answers there is not Amazon Translate itself')
  })

/** Null where no region is named: then nothing is translated. */
export const toTranslation = (env: Env): TranslationSettings | null => {
  const { TRANSLATE_REGION: region, TRANSLATE_ENDPOINT: endpoint, TRANSLATE_PROVIDER: provider = 'Amazon Translate' } = env
  return region === undefined ? null : { region, provider, ...(endpoint === undefined ? {} : { endpoint }) }
}
