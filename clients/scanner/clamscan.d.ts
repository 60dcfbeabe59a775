/** The part of `clamscan` 2.4.0 that we use. It ships no types. */
declare module 'clamscan' {
  import type { Duplex, Readable } from 'node:stream'

  namespace NodeClam {
    type Result = { isInfected: boolean | null; viruses: string[]; resultString: string; timeout: boolean }
    type Options = {
      debugMode: boolean
      preference: 'clamdscan'
      clamscan: { active: boolean; path: string }
      clamdscan: {
        active: boolean
        host: string
        port: number
        path: string
        timeout: number
        localFallback: boolean
        bypassTest: boolean
      }
    }
  }

  class NodeClam {
    init(options: NodeClam.Options): Promise<this>
    scanStream(stream: Readable): Promise<NodeClam.Result>
    /** Private upstream; we replace it (docs/decisions/scanner-adapter.md). */
    _initSocket(label?: string): Promise<Duplex>
  }

  export = NodeClam
}
