import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Stack } from '../../stack/startStack.ts'
import { mortals, type Mortal } from './postingPlan.ts'
import { listTree, signalAll } from './signalTree.ts'

const lookAgainMs = 25

const takesConnections = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (isTaking: boolean) => {
      socket.destroy()
      resolve(isTaking)
    }
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })

const portOf = ({ ports, postgres, temporal }: Stack, one: Mortal): number => {
  if (one === 'api' || one === 'worker') return ports[one]
  return one === 'postgres' ? postgres.port : Number(temporal.address.split(':')[1])
}

/** By SIGKILL, with everything that it started: no backend of Postgres outlives the postmaster to finish what it is at. */
const kill = async ({ supervisor }: Stack, one: Mortal): Promise<void> => {
  const tree = listTree(supervisor.pidOf(one))
  const dead = supervisor.crash(one)
  signalAll(tree, 'SIGKILL')
  await dead
}

/** Started, and again as often as it ends by itself since what it stands on is still away, as whoever runs it in production would. Resolves when it takes connections. */
const revive = async (stack: Stack, one: Mortal, closing: AbortSignal): Promise<void> => {
  while (!closing.aborted) {
    const started = await stack.supervisor.startAgain(one)
    while (!started.hasExited() && !closing.aborted) {
      if (await takesConnections(portOf(stack, one))) return
      await wait(lookAgainMs)
    }
    await wait(lookAgainMs)
  }
}

/** Kills and revives what a stack runs, each thing one time after the other. */
export type Mortality = {
  /** Resolves when it is dead; it comes back by itself. */
  die(one: Mortal, downMs: number): Promise<void>
  /** Resolves when these are all back. */
  untilBack(ones?: readonly Mortal[]): Promise<void>
  /** Resolves when nothing is revived any more. */
  close(): Promise<void>
}

const probeEveryMs = 500
const stuckAfterMs = 5_000

/**
 * `isTemporalAlive` answers whether it answers. The development server keeps its one connection to SQLite for good when a client's death interrupts a statement on it ("interrupted (9)"), and then
 * knows nothing until it is started again; a liveness probe would do that for a server in production, which has no SQLite.
 */
export const createMortality = (stack: Stack, isTemporalAlive: () => Promise<boolean>): Mortality => {
  const closing = new AbortController()
  const back = new Map<Mortal, Promise<void>>()
  const die = async (one: Mortal, downMs: number): Promise<void> => {
    const dead = (back.get(one) ?? Promise.resolve()).then(() => kill(stack, one))
    back.set(
      one,
      dead.then(() => wait(downMs)).then(() => revive(stack, one, closing.signal)),
    )
    await dead
  }
  const probe = async (): Promise<void> => {
    let aliveAt = performance.now()
    while (!closing.signal.aborted) {
      const revival = back.get('temporal')
      await revival
      // Of one that is killed meanwhile nothing is known.
      if ((await isTemporalAlive()) || back.get('temporal') !== revival) aliveAt = performance.now()
      if (performance.now() - aliveAt > stuckAfterMs) {
        await die('temporal', 0)
        aliveAt = performance.now()
      }
      await wait(probeEveryMs)
    }
  }
  const probing = probe()
  return {
    die,
    untilBack: async (ones = mortals) => void (await Promise.all(ones.map((one) => back.get(one) ?? Promise.resolve()))),
    close: async () => {
      closing.abort()
      await Promise.all([probing, ...back.values()])
    },
  }
}
