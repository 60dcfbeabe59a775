/** One-off job: the login roles and the database of Hallpass, and those of Temporal. Safe to run again. */
import { z } from 'zod'
import { createRoles } from '../db/createRoles.ts'
import { createTemporalDatabases } from './createTemporalDatabases.ts'
import { readVariables } from './readVariables.ts'

const password = z.string().min(16)
const variables = readVariables(
  z.object({
    DATABASE_URL_SUPERUSER: z.url({ protocol: /^postgres(ql)?$/ }),
    DATABASE_PASSWORD_OWNER: password,
    DATABASE_PASSWORD_APP: password,
    DATABASE_PASSWORD_AUTH: password,
    DATABASE_PASSWORD_RELAY: password,
    DATABASE_PASSWORD_SWEEPER: password,
    DATABASE_PASSWORD_SUPPORT: password,
    DATABASE_PASSWORD_ONCALL: password,
    TEMPORAL_DATABASE_PASSWORD: password,
  }),
)

await createRoles(variables.DATABASE_URL_SUPERUSER, {
  database: 'hallpass',
  passwords: {
    owner: variables.DATABASE_PASSWORD_OWNER,
    app: variables.DATABASE_PASSWORD_APP,
    auth: variables.DATABASE_PASSWORD_AUTH,
    relay: variables.DATABASE_PASSWORD_RELAY,
    sweeper: variables.DATABASE_PASSWORD_SWEEPER,
    support: variables.DATABASE_PASSWORD_SUPPORT,
    oncall: variables.DATABASE_PASSWORD_ONCALL,
  },
})
await createTemporalDatabases(variables.DATABASE_URL_SUPERUSER, variables.TEMPORAL_DATABASE_PASSWORD)
process.stdout.write('roles and databases are ready\n')
