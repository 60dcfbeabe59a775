import type { EngineVersion, VirusScanner } from '../domain/ports.ts'
import { ScannerMisconfigured } from '../domain/scannerFault.ts'

/** Only `proven` means that the engine answers, and carries our settings. */
export type ScannerStanding = 'proven' | 'unavailable' | 'misconfigured'

/** Asks the engine to prove itself: how it stands, and what it is when it did. Never rejects. */
export const probeScanner = async (
  scanner: Pick<VirusScanner, 'probe'>,
): Promise<{ standing: ScannerStanding; engine: EngineVersion | null }> => {
  try {
    return { standing: 'proven', engine: await scanner.probe() }
  } catch (error) {
    return { standing: error instanceof ScannerMisconfigured ? 'misconfigured' : 'unavailable', engine: null }
  }
}
