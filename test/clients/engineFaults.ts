import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineFault } from './fakeClamd.ts'
import { atEnd, kib } from './scanBench.ts'

/** What ends the scan: the fault itself, at once, or our own deadline. */
type EndedBy = 'fault' | 'deadline'

type Row = { fault: EngineFault; by: EndedBy; as: 'ScanInterrupted' | 'ScannerMisconfigured' }

/** All of this happens in the middle of a file, and may be its doing. */
const interrupted = (fault: EngineFault, by: EndedBy = 'fault'): Row => ({ fault, by, as: 'ScanInterrupted' })
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
  'resets the connection at the first byte': interrupted((socket) => socket.resetAndDestroy()),
  'resets the connection in mid-stream': interrupted(inMidStream((socket) => socket.resetAndDestroy())),
  'resets the connection at the end': interrupted((socket, { ended }) => void (ended && socket.resetAndDestroy())),
  'is killed in mid-stream': interrupted(inMidStream((socket) => socket.destroy())),
  'hangs up in mid-stream': interrupted(inMidStream((socket) => socket.end())),
  'hangs up without a verdict': interrupted(atEnd('')),
  'truncates the verdict': interrupted(atEnd('stream: O')),
  'truncates the end mark of the verdict': interrupted(atEnd('stream: OK')),
  'answers garbage': interrupted(atEnd('\x00\xff\xfe\x01garbage')),
  'answers nothing but its end mark': interrupted(atEnd('\0')),
  'answers a megabyte': interrupted(atEnd('stream: '.repeat(128 * kib))),
  'answers in HTTP': interrupted(atEnd('HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nstream: OK\0')),
  'says that the stream is over its limit': misconfigured(atEnd(sizeLimit)),
  'says so in mid-stream': misconfigured(inMidStream((socket) => socket.end(sizeLimit))),
  'has no memory': interrupted(atEnd("stream: Can't allocate memory ERROR\0")),
  'gives up reading': interrupted(atEnd('COMMAND READ TIMED OUT\0')),
  'gives up reading in mid-stream': interrupted(inMidStream((socket) => socket.end('COMMAND READ TIMED OUT\0'))),
  'does not know the command': interrupted(atEnd('UNKNOWN COMMAND\0')),
  'reports any other error': interrupted(atEnd('stream: Broken or not a CVD file ERROR\0')),
  'answers twice, OK last': interrupted(atEnd('stream: Win.Test FOUND\0stream: OK\0')),
  'answers twice, OK first': interrupted(atEnd('stream: OK\0stream: Win.Test FOUND\0')),
  'answers OK twice': interrupted(atEnd('stream: OK\0stream: OK\0')),
  'answers OK of another stream': interrupted(atEnd('other: OK\0')),
  'answers OK with a newline': interrupted(atEnd('stream: OK\n')),
  'answers OK in small letters': interrupted(atEnd('stream: ok\0')),
  'answers as in a session': interrupted(atEnd('1: stream: OK\0')),
  'answers OK before the end of the stream': interrupted(inMidStream((socket) => socket.end('stream: OK\0'))),
  'answers OK before the end and reads on': interrupted((socket, { ended }) => void (ended ? socket.end() : socket.write('stream: OK\0'))),
  'answers half before the end, and half after': interrupted((socket, { bytes, ended }) => {
    if (ended) socket.end('K\0')
    else if (bytes === midway) socket.write('stream: O')
  }),
  'answers OK and never hangs up': interrupted((socket, { ended }) => void (ended && socket.write('stream: OK\0')), 'deadline'),
  'drips its verdict slower than the deadline': interrupted(drip('stream: OK\0', 200), 'deadline'),
  'reads all and never answers': interrupted(() => {}, 'deadline'),
  'stops reading in mid-stream': interrupted((socket) => void socket.pause(), 'deadline'),
}
