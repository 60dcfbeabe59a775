import { TranslateClient, TranslateTextCommand, type TranslationSettings } from '@aws-sdk/client-translate'
import type { TranslationRequest, Translator } from '../domain/ports.ts'
import { isInternalEndpoint, isResidentEndpoint, isUsRegion } from '../domain/residency.ts'
import { hasFormality } from '../domain/translation/languages.ts'
import { TranslatorMisconfigured } from '../domain/translation/translatorFault.ts'
import { toTranslatorFault } from './toTranslatorFault.ts'

export type TranslatorOptions = {
  /** An AWS region in the United States (law 12). */
  region: string
  /** Only for an endpoint that is not AWS's usual one: a FIPS endpoint, one in a network of ours, the stack's. */
  endpoint?: string
  /** What a reader is told that a translation is by. */
  provider: string
  /** How long a connection may take to be there, and an answer to begin. */
  timeouts?: { connectMs: number; answerMs: number }
}

const usualTimeouts = { connectMs: 3_000, answerMs: 15_000 }

/**
 * Translates by Amazon Translate (`TranslateText`). Where a text goes is checked here and once more before each request, since the SDK also takes endpoints from the
 * environment and from files. It asks once: whoever retries knows what it costs. A redirect is not followed, and the source language is always named, since AWS asks another
 * service, which may be in another region, which one it is.
 * @throws when region or endpoint lie outside the United States.
 */
export const createAwsTranslator = (options: TranslatorOptions): Translator => {
  const { region, endpoint, provider, timeouts = usualTimeouts } = options
  if (!isUsRegion(region)) throw new Error('texts are translated in the United States: the region is not there')
  if (endpoint !== undefined && !isResidentEndpoint(endpoint))
    throw new Error('texts are translated in the United States: the endpoint is not there')
  const client = new TranslateClient({
    region,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: timeouts.connectMs, requestTimeout: timeouts.answerMs, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
    // What stands in for AWS on this machine asks nobody who they are.
    ...(endpoint !== undefined && isInternalEndpoint(endpoint) ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {}),
  })
  keepRequestsResident(client)
  return {
    provider,
    translate: async (request) => {
      const { source, signal } = request
      if (source === 'auto') throw new TranslatorMisconfigured('a source language is named, never left to the provider')
      signal?.throwIfAborted()
      try {
        const command = new TranslateTextCommand({
          Text: request.text,
          SourceLanguageCode: source,
          TargetLanguageCode: request.target,
          Settings: toSettings(request),
        })
        const { TranslatedText: translated } = await client.send(command, signal === undefined ? {} : { abortSignal: signal })
        return requireText(translated)
      } catch (error) {
        signal?.throwIfAborted()
        throw toTranslatorFault(error)
      }
    },
  }
}

/** The last step before a request leaves, when it says where to. */
const keepRequestsResident = (client: TranslateClient): void => {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { protocol, hostname } = args.request as { protocol: string; hostname: string }
      const origin = `${protocol}//${hostname}`
      if (!isResidentEndpoint(origin) || !(protocol === 'https:' || isInternalEndpoint(origin)))
        throw new TranslatorMisconfigured('the request would have left the United States, or gone in the clear')
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low', name: 'keepRequestsResident' },
  )
}

const toSettings = ({ target, formality, isProfanityMasked = false }: TranslationRequest): TranslationSettings => ({
  ...(formality === undefined || !hasFormality(target) ? {} : { Formality: formality === 'formal' ? 'FORMAL' : 'INFORMAL' }),
  ...(isProfanityMasked ? { Profanity: 'MASK' } : {}),
})

class NoText extends Error {
  override readonly name = 'NoText'
}

const requireText = (translated: string | undefined): string => {
  if (translated === undefined || translated === '') throw new NoText('the answer holds no text')
  return translated
}
