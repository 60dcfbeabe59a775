import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { v7 as newId } from 'uuid'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { createDistrict } from '../../db/createDistrict.ts'
import { openDatabase } from '../../db/openDatabase.ts'
import { openSession } from '../../deploy/openSession.ts'
import { newDistrictOptions, readNewDistrict } from '../../deploy/readNewDistrict.ts'
import { bareEnvironment } from './bareEnvironment.ts'
import { createCaller, type Caller } from './callApi.ts'
import { createTestDatabase } from './database.ts'
import { startApi } from './startApi.ts'

export type Ended = { code: number; stdout: string; stderr: string }
export type Created = {
  districtId: string
  administratorId: string
  clientId: string | null
  clientSecret: string | null
  report: { rows: Record<string, number> } | null
}

const administrator = ['--admin-given', 'Ida', '--admin-family', 'Invented', '--admin-email', 'Ida@Example.org']
const contract = ['--time-zone', 'America/Chicago', '--reason', 'contract signed', ...administrator]

const toValues = (args: string[]) => parseArgs({ args, options: newDistrictOptions }).values

/** `npm run district` on a database of its own, and the API before it. */
export type DistrictCommand = Awaited<ReturnType<typeof openDistrictCommand>>

export const openDistrictCommand = async () => {
  const database = await createTestDatabase()
  const api = await startApi(database)
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-district-'))
  const { owner, sweeper } = database.urls
  const env = { ...bareEnvironment(), DATABASE_URL_OWNER: owner, DATABASE_URL_SWEEPER: sweeper, KEY_FILE: join(folder, 'keys') }
  const run = (...args: string[]): Promise<Ended> =>
    new Promise((resolve) => {
      execFile(process.execPath, ['deploy/districtMain.ts', ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      )
    })
  const create = (name: string, ...more: string[]) => run('create', '--name', name, ...contract, ...more)
  const ownerDatabase = await openDatabase({ url: owner, connectionsMax: 1 })
  const source = {
    ownerUrl: owner,
    sweeperUrl: sweeper,
    isLocalStack: false,
    apiUrl: null,
    openKeyService: () => openLocalKeyService(join(folder, 'keys')),
  }
  return {
    database,
    api,
    folder,
    run,
    create,
    read: ({ stdout }: Ended): Created => JSON.parse(stdout) as Created,
    /** As the environment names it, for what is asked without a process of its own. */
    source,
    /** A district as the command makes it, without a process of its own. */
    made: async () => {
      const options = readNewDistrict(toValues(['--name', `Invented District ${newId()}`, ...contract]), source)
      const keyService = await source.openKeyService()
      return createDistrict({ owner: ownerDatabase, keyService }, { ...options, client: null, termsOfUse: 'terms', staff: 'test' })
    },
    /** Whoever it is, by our id or the district's. */
    callerOf: async (districtId: string, user: string): Promise<Caller> => {
      const who = { databaseUrl: database.urls.app, districtId, user, lifeSeconds: 600, staff: 'test', reason: 'test' }
      return createCaller(api.url, (await openSession(who))?.token ?? '')
    },
    /** Whom the roster speaks of, with this role in it; as `active` says. */
    addPerson: async (districtId: string, sourcedId: string, role: string, isActive = true): Promise<string> => {
      const id = newId()
      await database.superuser.query(
        `insert into users (district_id, id, sourced_id, role, given_name, family_name, is_active) values ($1, $2, $3, $4, 'Given', 'Family', $5)`,
        [districtId, id, sourcedId, role, isActive],
      )
      await database.superuser.query(
        `insert into org_roles (district_id, sourced_id, user_id, org_sourced_id, role) values ($1, $2, $3, 's1', $4)`,
        [districtId, `r-${sourcedId}`, id, role],
      )
      return id
    },
    close: async (): Promise<void> => {
      await ownerDatabase.close()
      await api.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
