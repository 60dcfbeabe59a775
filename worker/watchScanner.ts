import type { Pager, VirusScanner } from '../domain/ports.ts'
import { ScannerMisconfigured } from '../domain/scannerFault.ts'

/** `unknown` until the first look. Only `proven` means that the engine carries our settings. */
export type ScannerStanding = 'unknown' | 'proven' | 'unavailable' | 'misconfigured'

export type ScannerWatch = {
  /** Probes once. Never rejects for what the engine does; rejects when the pager cannot be reached, so that the next look alerts. */
  look(): Promise<ScannerStanding>
  standing(): ScannerStanding
}

const dedupKey = 'scanner-misconfigured'

/**
 * Watches whether the engine answers as one that carries our settings. The scanner adapter itself takes no scan while it is unproven;
 * this makes it seen: `/readyz` turns red, and one alert stands for as long as the engine answers wrongly.
 */
export const createScannerWatch = ({ scanner, pager }: { scanner: VirusScanner; pager: Pager }): ScannerWatch => {
  let standing: ScannerStanding = 'unknown'
  let isAlerted = false

  const alert = (action: 'trigger' | 'resolve'): Promise<void> =>
    pager.raise({
      action,
      dedupKey,
      severity: 'critical',
      summary: 'The virus scanner answers its probe wrongly: no attachment is scanned until its settings are mended',
      source: 'hallpass-worker',
      component: 'scanner',
      details: {},
    })

  return {
    standing: () => standing,
    look: async () => {
      standing = await probe(scanner)
      // An engine that is away may still be misconfigured: only a passed probe ends the alert.
      if (standing === 'misconfigured' && !isAlerted) {
        await alert('trigger')
        isAlerted = true
      }
      if (standing === 'proven' && isAlerted) {
        await alert('resolve')
        isAlerted = false
      }
      return standing
    },
  }
}

const probe = async (scanner: VirusScanner): Promise<ScannerStanding> => {
  try {
    await scanner.probe()
    return 'proven'
  } catch (error) {
    return error instanceof ScannerMisconfigured ? 'misconfigured' : 'unavailable'
  }
}
