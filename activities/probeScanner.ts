import type { VirusScanner } from '../domain/ports.ts'
import { ScannerMisconfigured } from '../domain/scannerFault.ts'

/** Only `proven` means that the engine answers, and carries our settings. */
export type ScannerStanding = 'proven' | 'unavailable' | 'misconfigured'

/** Asks the engine to prove itself. Never rejects. */
export const probeScanner = async (scanner: Pick<VirusScanner, 'probe'>): Promise<ScannerStanding> => {
  try {
    await scanner.probe()
    return 'proven'
  } catch (error) {
    return error instanceof ScannerMisconfigured ? 'misconfigured' : 'unavailable'
  }
}
