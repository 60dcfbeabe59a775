import { resolve } from 'node:path'
import { tryApertium } from './apertium/tryApertium.ts'
import { findApertium } from './binaries/findApertium.ts'
import { findBinary } from './binaries/findBinary.ts'
import { findClamd } from './binaries/findClamd.ts'
import { choosePorts } from './choosePorts.ts'
import { claimFolder, clearFolder } from './claimFolder.ts'
import { startSupervisor } from './processes/startSupervisor.ts'
import type { SupervisedProcess, Supervisor } from './processes/startSupervisor.ts'
import { rememberSecrets } from './rememberSecrets.ts'
import { runTasks } from './runTasks.ts'
import type { Task, TaskLog } from './runTasks.ts'
import { startAlertSink } from './servers/alertSink.ts'
import type { AlertSink } from './servers/alertSink.ts'
import { startClamd } from './servers/clamd.ts'
import type { ClamdAddress } from './servers/clamd.ts'
import { startMail } from './servers/mail.ts'
import type { MailAddress } from './servers/mail.ts'
import { startPostgres } from './servers/postgres.ts'
import type { PostgresAddress } from './servers/postgres.ts'
import { databaseLogins } from './servers/preparePostgres.ts'
import type { Server, ServerContext } from './servers/server.ts'
import { startSmsSink } from './servers/smsSink.ts'
import type { SmsSink } from './servers/smsSink.ts'
import { startTemporal } from './servers/temporal.ts'
import type { TemporalAddress } from './servers/temporal.ts'
import { startTranslation } from './servers/translation.ts'
import type { TranslationAddress } from './servers/translation.ts'
import { startVersitygw } from './servers/versitygw.ts'
import type { S3Address } from './servers/versitygw.ts'
import { StackProblem } from './stackProblem.ts'
import { toCodecTokens } from './toCodecTokens.ts'
import { watchLauncher } from './watchLauncher.ts'

const portNames = [
  'postgres',
  'temporal',
  'temporalUi',
  's3',
  's3Admin',
  'clamd',
  'smtp',
  'mailWeb',
  'sms',
  'translation',
  'pager',
  'api',
  'apiMetrics',
  'worker',
  'codec',
] as const
const secretNames = [...databaseLogins, 's3Root', 's3Api', 's3Scanner', 's3Oncall', 's3Rescan', 's3Roster', 'pager', 'codec'] as const

/** Real servers on this machine. Everything in it is an address or a secret: write it nowhere but in files of mode 0600. */
export type Stack = {
  /** Absolute folder of all data and logs. */
  folder: string
  region: string
  postgres: PostgresAddress
  temporal: TemporalAddress
  s3: S3Address
  clamd: ClamdAddress
  mail: MailAddress
  /** The one server that it goes without where its program cannot be had: nothing is translated then, and nothing pretends to be. */
  translation: TranslationAddress
  sms: SmsSink['address'] & { messages: SmsSink['messages'] }
  pager: AlertSink['address'] & { alerts: AlertSink['alerts'] }
  /** What an engineer's token opens, and the hash that the application is given instead. */
  codec: { port: number; token: string; tokens: string }
  /** Free ports kept for the application. */
  ports: { api: number; apiMetrics: number; worker: number }
  /** Origins from which a browser may upload. */
  webOrigins: string[]
  /** Starts processes that end with the stack, also when this process is killed. */
  supervisor: Supervisor
  /** Resolves with the name of the first server that ended by itself. */
  broken: Promise<string>
  stop(): Promise<void>
}

export type StackOptions = {
  folder: string
  log: TaskLog
  webOrigins?: string[]
  /** Forgets what the last start in this folder left: all data, secrets and ports. */
  isFresh?: boolean
}

type Running = Pick<Stack, 'postgres' | 'temporal' | 's3' | 'clamd' | 'mail' | 'translation'>
type Ports = Record<(typeof portNames)[number], number>
type Secrets = Record<(typeof secretNames)[number], string>

/** One task a server: find its program, start it, wait until it answers. They run at the same time. */
const serverTasks = (setup: {
  context: Omit<ServerContext, 'tell'>
  ports: Ports
  secrets: Secrets
  webOrigins: string[]
  keep: <Name extends keyof Running>(name: Name, server: Server<Running[Name]>) => void
  goWithoutTranslation: (problem: string) => void
}): Task[] => {
  const { context, ports, secrets, webOrigins, keep, goWithoutTranslation } = setup
  const s3Secrets = {
    root: secrets.s3Root,
    api: secrets.s3Api,
    scanner: secrets.s3Scanner,
    oncall: secrets.s3Oncall,
    rescan: secrets.s3Rescan,
    roster: secrets.s3Roster,
  }
  return [
    {
      title: 'Postgres 18',
      run: async (tell) => keep('postgres', await startPostgres({ ...context, tell }, { port: ports.postgres, passwords: secrets })),
    },
    {
      title: 'Temporal and its UI',
      run: async (tell) => {
        const binary = await findBinary('temporal', tell)
        keep('temporal', await startTemporal({ ...context, tell }, { binary, port: ports.temporal, uiPort: ports.temporalUi }))
      },
    },
    {
      title: 'Object store (versitygw)',
      run: async (tell) => {
        const binary = await findBinary('versitygw', tell)
        keep(
          's3',
          await startVersitygw({ ...context, tell }, { binary, port: ports.s3, adminPort: ports.s3Admin, secrets: s3Secrets, webOrigins }),
        )
      },
    },
    {
      title: 'clamd',
      run: async (tell) => {
        const binary = await findClamd(tell)
        keep('clamd', await startClamd({ ...context, tell }, { binary, port: ports.clamd }))
      },
    },
    {
      title: 'Mail sink (maildev)',
      run: async (tell) => keep('mail', await startMail({ ...context, tell }, { smtpPort: ports.smtp, webPort: ports.mailWeb })),
    },
    {
      title: 'Translations (Apertium)',
      run: async (tell, skip) => {
        const files = await findApertium(tell)
          .then(tryApertium)
          .catch((error: unknown) => {
            if (!(error instanceof StackProblem)) throw error
            goWithoutTranslation(error.message)
            skip(`off: ${error.message}`)
            return null
          })
        if (files !== null) keep('translation', await startTranslation({ ...context, tell }, { files, port: ports.translation }))
      },
    },
  ]
}

/**
 * Starts Postgres, Temporal, versitygw, clamd, a mail sink, a translator, an SMS sink and an alert sink on loopback, each
 * healthy before this resolves; where there is no translator to be had, all but that. Their data stay in `folder` from start to start. When this process
 * ends in any way, `kill -9` too, all of them end within seconds.
 * @throws StackProblem naming component, cause and mend; nothing is left running then.
 */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const { log, webOrigins = ['http://127.0.0.1:5173', 'http://localhost:5173'] } = options
  const folder = resolve(options.folder)
  watchLauncher()
  const claim = await claimFolder(folder)
  if (options.isFresh) clearFolder(folder)
  const supervisor = startSupervisor(folder)
  claim.nameSupervisor(supervisor.pid)
  const closing: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(closing.map((close) => close()))
    await supervisor.close()
    claim.release()
  }
  try {
    const ports = await choosePorts(folder, portNames)
    const secrets = rememberSecrets(folder, secretNames)
    const running: Partial<Running> = {}
    const processes: SupervisedProcess[] = []
    const keep = <Name extends keyof Running>(name: Name, server: Server<Running[Name]>): void => {
      running[name] = server.address
      processes.push(server.process)
    }
    const goWithoutTranslation = (problem: string): void => void (running.translation = { endpoint: null, problem })
    await runTasks(serverTasks({ context: { supervisor, folder }, ports, secrets, webOrigins, keep, goWithoutTranslation }), log)
    const sink = await startAlertSink({ port: ports.pager, routingKey: secrets.pager })
    closing.push(() => sink.stop())
    const smsSink = await startSmsSink({ port: ports.sms })
    closing.push(() => smsSink.stop())
    const broken = Promise.race(processes.map(async (one) => (await one.exited, one.name)))
    const codec = { port: ports.codec, token: secrets.codec, tokens: toCodecTokens(secrets.codec) }
    const pager = { ...sink.address, alerts: () => sink.alerts() }
    const sms = { ...smsSink.address, messages: () => smsSink.messages() }
    const own = {
      folder,
      region: 'us-east-1',
      pager,
      sms,
      codec,
      ports: { api: ports.api, apiMetrics: ports.apiMetrics, worker: ports.worker },
      webOrigins,
      supervisor,
      broken,
      stop,
    }
    return { ...(running as Running), ...own }
  } catch (error) {
    await stop()
    throw error
  }
}
