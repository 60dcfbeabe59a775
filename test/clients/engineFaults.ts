import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineFault } from './fakeClamd.ts'
import { atEnd, kib } from './scanBench.ts'

/** What ends the scan: the fault itself, at once, or our own deadline. */
type EndedBy = 'fault' | 'deadline'

type Row = { fault: EngineFault; by: EndedBy; as: 'ScannerUnavailable' | 'ScannerMisconfigured' }

const unavailable = (fault: EngineFault, by: EndedBy = 'fault'): Row => ({ fault, by, as: 'ScannerUnavailable' })
const misconfigured = (fault: EngineFault): Row => ({ fault, by: 'fault', as: 'ScannerMisconfigured' })

const midway = 8 * kib

/** Does it once, when this much of the file has come. */
const inMidStream =
  (act: (socket: Parameters<EngineFault>[0]) => void): EngineFault =>
  (socket, { bytes }) => {
    if (bytes >= midway && !socket.destroyed) act(socket)
  }

const drip =
  (answer: string, everyMs: number): EngineFault =>
  (socket, { ended }) => {
    const write = async (): Promise<void> => {
      for (const letter of answer) {
        await sleep(everyMs)
        if (!socket.destroyed) socket.write(letter)
      }
      socket.end()
    }
    if (ended) void write()
  }

const sizeLimit = 'INSTREAM size limit exceeded. ERROR\0'

/** Everything that an engine was seen or feared to do instead of answering. Not one row may come out as a verdict. */
export const engineFaults: Readonly<Record<string, Row>> = {
  'resets the connection at the first byte': unavailable((socket) => socket.resetAndDestroy()),
  'resets the connection in mid-stream': unavailable(inMidStream((socket) => socket.resetAndDestroy())),
  'resets the connection at the end': unavailable((socket, { ended }) => void (ended && socket.resetAndDestroy())),
  'is killed in mid-stream': unavailable(inMidStream((socket) => socket.destroy())),
  'hangs up in mid-stream': unavailable(inMidStream((socket) => socket.end())),
  'hangs up without a verdict': unavailable(atEnd('')),
  'truncates the verdict': unavailable(atEnd('stream: O')),
  'truncates the end mark of the verdict': unavailable(atEnd('stream: OK')),
  'answers garbage': unavailable(atEnd('\x00\xff\xfe\x01garbage')),
  'answers nothing but its end mark': unavailable(atEnd('\0')),
  'answers a megabyte': unavailable(atEnd('stream: '.repeat(128 * kib))),
  'answers in HTTP': unavailable(atEnd('HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nstream: OK\0')),
  'says that the stream is over its limit': misconfigured(atEnd(sizeLimit)),
  'says so in mid-stream': misconfigured(inMidStream((socket) => socket.end(sizeLimit))),
  'has no memory': unavailable(atEnd("stream: Can't allocate memory ERROR\0")),
  'gives up reading': unavailable(atEnd('COMMAND READ TIMED OUT\0')),
  'gives up reading in mid-stream': unavailable(inMidStream((socket) => socket.end('COMMAND READ TIMED OUT\0'))),
  'does not know the command': unavailable(atEnd('UNKNOWN COMMAND\0')),
  'reports any other error': unavailable(atEnd('stream: Broken or not a CVD file ERROR\0')),
  'answers twice, OK last': unavailable(atEnd('stream: Win.Test FOUND\0stream: OK\0')),
  'answers twice, OK first': unavailable(atEnd('stream: OK\0stream: Win.Test FOUND\0')),
  'answers OK twice': unavailable(atEnd('stream: OK\0stream: OK\0')),
  'answers OK of another stream': unavailable(atEnd('other: OK\0')),
  'answers OK with a newline': unavailable(atEnd('stream: OK\n')),
  'answers OK in small letters': unavailable(atEnd('stream: ok\0')),
  'answers as in a session': unavailable(atEnd('1: stream: OK\0')),
  'answers OK before the end of the stream': unavailable(inMidStream((socket) => socket.end('stream: OK\0'))),
  'answers OK before the end and reads on': unavailable((socket, { ended }) => void (ended ? socket.end() : socket.write('stream: OK\0'))),
  'answers half before the end, and half after': unavailable((socket, { bytes, ended }) => {
    if (ended) socket.end('K\0')
    else if (bytes === midway) socket.write('stream: O')
  }),
  'answers OK and never hangs up': unavailable((socket, { ended }) => void (ended && socket.write('stream: OK\0')), 'deadline'),
  'drips its verdict slower than the deadline': unavailable(drip('stream: OK\0', 200), 'deadline'),
  'reads all and never answers': unavailable(() => {}, 'deadline'),
  'stops reading in mid-stream': unavailable((socket) => void socket.pause(), 'deadline'),
}
