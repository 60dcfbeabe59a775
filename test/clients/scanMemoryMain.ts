/**
 * A process that does nothing but scan: `node scanMemoryMain.ts <port> <deadline in ms>`. Scans a small file, then three of the largest
 * size one after another, and prints as JSON by how many bytes its memory grew meanwhile and how the three ended.
 */
import { Readable } from 'node:stream'
import { createClamdScanner } from '../../clients/scanner/createClamdScanner.ts'
import { uploadLimits } from '../../domain/uploadLimits.ts'

const [port = '', deadline = ''] = process.argv.slice(2)
/** What the object store's client yields at a time; the same again and again, since what a source takes is not the scanner's. */
const chunk = Buffer.alloc(64 * 1024, 'a')
const scanner = createClamdScanner({ host: '127.0.0.1', port: Number(port), deadlineMs: Number(deadline) })

const scan = async (bytes: number): Promise<string> => {
  const body = Readable.from(
    (function* () {
      for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk
    })(),
  )
  return scanner.scan(body, { bytes }).then(
    ({ result }) => result,
    (error: unknown) => (error instanceof Error ? error.name : 'not an error'),
  )
}

await scanner.probe()
await scan(4 * chunk.length)
const idleBytes = process.memoryUsage.rss()
let peakBytes = idleBytes
const watch = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), 2)
const ends: string[] = []
for (let round = 0; round < 3; round += 1) ends.push(await scan(uploadLimits.bytesCeiling))
clearInterval(watch)
process.stdout.write(JSON.stringify({ ends, grewBytes: peakBytes - idleBytes }), () => process.exit())
