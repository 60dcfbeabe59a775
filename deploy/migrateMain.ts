/** One-off job: brings the schema and every role's grants to this version. Safe to run again, and by two at once. */
import { z } from 'zod'
import { migrate } from '../db/migrate.ts'
import { readVariables } from './readVariables.ts'

const { DATABASE_URL_OWNER } = readVariables(z.object({ DATABASE_URL_OWNER: z.url({ protocol: /^postgres(ql)?$/ }) }))
const applied = await migrate(DATABASE_URL_OWNER)
process.stdout.write(applied.length === 0 ? 'the schema is up to date\n' : `applied ${applied.join(', ')}\n`)
