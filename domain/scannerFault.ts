/**
 * Why a scan gave no answer. None of these is a verdict (law 4): the workflow waits and asks again.
 */

/** The engine could not be reached, went away, was too slow, or said something that is no answer. Try again later. */
export class ScannerUnavailable extends Error {
  override readonly name: string = 'ScannerUnavailable'
}

/** A proven engine went away, or gave no verdict in time, in the middle of this very file. It may be the engine, and it may be the file. */
export class ScanInterrupted extends ScannerUnavailable {
  override readonly name = 'ScanInterrupted'
}

/** The engine answers, but not as one that carries our settings: no file may be judged by it until somebody mends it. */
export class ScannerMisconfigured extends Error {
  override readonly name = 'ScannerMisconfigured'
}

/** The stream to be scanned ended early, ran over, was destroyed, or came too slowly; nothing is known of the engine. Read it again. */
export class ScanSourceBroken extends Error {
  override readonly name = 'ScanSourceBroken'
}
