/**
 * Why a scan gave no answer. None of these is a verdict (law 4): the workflow waits and asks again.
 */

/** The engine could not be reached, went away, was too slow, or said something that is no answer. Try again later. */
export class ScannerUnavailable extends Error {
  override readonly name = 'ScannerUnavailable'
}

/** The engine answers, but not as one that carries our settings: no file may be judged by it until somebody mends it. */
export class ScannerMisconfigured extends Error {
  override readonly name = 'ScannerMisconfigured'
}

/** The stream to be scanned ended early, ran over, or was destroyed; nothing is known of the engine. Read it again. */
export class ScanSourceBroken extends Error {
  override readonly name = 'ScanSourceBroken'
}
