import type { FollowAlert } from '../activities/followAlert.ts'
import { probeScanner, type ScannerStanding } from '../activities/probeScanner.ts'
import type { EngineVersion, VirusScanner } from '../domain/ports.ts'

export type ScannerWatch = {
  /** Probes once. Never rejects for what the engine does; rejects when the alert cannot be followed, so that the next look tells. */
  look(): Promise<ScannerStanding>
  /** `unknown` until the first look. */
  standing(): ScannerStanding | 'unknown'
}

type WatchOptions = {
  scanner: VirusScanner
  follow: FollowAlert
  /** Names this worker in the alert: each has an engine of its own. */
  host: string
  /** Signatures published longer ago are old; 0 when they come without a date, as those made by hand do, and are not watched. */
  signaturesOldAfterSeconds: number
  /** Milliseconds. */
  now?: () => number
}

/**
 * Watches whether the engine answers as one that carries our settings. The scanner adapter itself takes no scan while it is unproven;
 * this makes it seen, even when nothing is uploaded: `/readyz` turns red, and the alert is followed with every look (`followAlert`: one page an
 * outage, whichever worker sees it).
 */
export const createScannerWatch = ({ scanner, follow, host, signaturesOldAfterSeconds, now = Date.now }: WatchOptions): ScannerWatch => {
  let standing: ScannerStanding | 'unknown' = 'unknown'
  const followSignatures = async (engine: EngineVersion): Promise<void> => {
    if (signaturesOldAfterSeconds === 0) return
    const publishedAt = engine.databasePublishedAt
    const ageHours = publishedAt === undefined ? 'unknown' : Math.floor((now() - publishedAt.getTime()) / 3_600_000)
    // Signatures without a date are not those of the publisher: nothing says that they are new.
    const isOld = publishedAt === undefined || now() - publishedAt.getTime() > signaturesOldAfterSeconds * 1_000
    await follow('signatures-old', { holds: isOld, details: { host, databaseVersion: engine.databaseVersion, ageHours } })
  }
  return {
    standing: () => standing,
    look: async () => {
      const found = await probeScanner(scanner)
      standing = found.standing
      const details = { host, standing }
      // An engine that is away may still be misconfigured: only a passed probe ends an alert.
      if (standing !== 'misconfigured') await follow('scanner-down', { holds: standing === 'unavailable', details })
      if (standing !== 'unavailable') await follow('scanner-misconfigured', { holds: standing === 'misconfigured', details })
      if (found.engine !== null) await followSignatures(found.engine)
      return standing
    },
  }
}
