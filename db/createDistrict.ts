import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { createLookupHash, sealField } from '../crypto/fieldCipher.ts'
import type { ApiScope } from '../domain/apiClients.ts'
import type { Feature } from '../domain/features.ts'
import type { KeyService } from '../domain/ports.ts'
import type { MetadataSources } from '../domain/roster/metadataSources.ts'
import { toDataKeyContext, toDistrictKeyName } from './dataKeyContext.ts'
import { dataKeyPurposes } from './entities/DataKey.ts'
import type { DataKeyPurpose } from './entities/DataKey.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database, DistrictTransaction } from './openDatabase.ts'
import { operationsDistrictId } from './operationsDistrict.ts'
import { addDataKey } from './queries/addDataKey.ts'
import { createApiClient } from './queries/createApiClient.ts'
import { publishTerms } from './queries/publishTerms.ts'
import { recordAudit } from './queries/recordAudit.ts'
import { switchFeature } from './queries/switchFeature.ts'

export type NewDistrict = MetadataSources & {
  name: string
  /** IANA name. */
  timeZone: string
  brake: { percent: number; rows: number }
  /** What is on in every school from the start; the rest is off until the district switches it on. */
  features: readonly Feature[]
  /** Who may do everything that a district may do for itself. An id with a colon is no feed's, so no feed ends her. */
  administrator: { sourcedId: string; givenName: string; familyName: string; email: string }
  /** Version 1 of its terms of use, so that what is on from the start is written under them. */
  termsOfUse: string
  /** The machine that sends the roster; the caller shows its secret once. Null: none yet. */
  client: { name: string; scopes: readonly ApiScope[]; secretHash: Buffer } | null
  /** Account name of who does it, and why: both stand in the audit log. */
  staff: string
  reason: string
}

export type CreatedDistrict = { districtId: string; administratorId: string; clientId: string | null }

/**
 * Makes a district: its keys, its row, its terms of use, its first administrator and its first machine, in one transaction, so that there is all of it or nothing; only an
 * unused key may stay behind in the key service. As the owner: the application itself may give nobody a permission.
 */
export const createDistrict = async (
  { owner, keyService }: { owner: Database; keyService: KeyService },
  district: NewDistrict,
): Promise<CreatedDistrict> => {
  const [districtId, administratorId] = [newId(), newId()]
  const by = { kind: 'staff', name: district.staff } as const
  const keys = await makeKeys(keyService, districtId)
  try {
    return await withDistrict(owner, districtId, async (tx) => {
      await addRow(tx, district)
      await publishTerms(tx, { text: district.termsOfUse, replaces: 0, publishedBy: null }, { actor: by, reason: district.reason })
      for (const feature of district.features) await switchFeature(tx, { feature, everywhere: true, schoolIds: [], byId: null })
      for (const purpose of dataKeyPurposes) await addDataKey(tx, { purpose, epoch: 1, wrapped: keys[purpose].wrapped, activatesInMs: 0 })
      await addAdministrator(tx, administratorId, district.administrator, keys)
      const target = { kind: 'user', id: administratorId }
      await recordAudit(tx, { actor: by, action: 'grant.give', target, reason: district.reason, details: { permission: 'administer' } })
      const client = district.client && (await addClient(tx, district.client, district))
      await recordUnderOperations(tx, { by, district, hasClient: client !== null })
      return { districtId, administratorId, clientId: client }
    })
  } finally {
    for (const { plaintext } of Object.values(keys)) plaintext.fill(0)
  }
}

type MadeKey = { wrapped: Buffer; plaintext: Buffer }

const makeKeys = async (keyService: KeyService, districtId: string): Promise<Record<DataKeyPurpose, MadeKey>> => {
  const keyName = toDistrictKeyName(districtId)
  await keyService.ensureKey(keyName, 'encrypt')
  const make = (purpose: DataKeyPurpose) => keyService.generateDataKey(keyName, toDataKeyContext(districtId, purpose, 1))
  return { columns: await make('columns'), lookup: await make('lookup') }
}

const addRow = async (
  { db, districtId }: DistrictTransaction,
  { name, timeZone, brake, custody, languageColumn }: NewDistrict,
): Promise<void> => {
  await sql`
    insert into districts (id, kind, name, time_zone, brake_percent, brake_rows, custody_column, custody_permitted, custody_denied, language_column)
    values (${districtId}, 'district', ${name}, ${timeZone}, ${brake.percent}, ${brake.rows}, ${custody?.column ?? null},
      ${[...(custody?.permitted ?? [])]}::text[], ${[...(custody?.denied ?? [])]}::text[], ${languageColumn})`.execute(db)
}

const addAdministrator = async (
  { db, districtId }: DistrictTransaction,
  id: string,
  { sourcedId, givenName, familyName, email }: NewDistrict['administrator'],
  keys: Record<DataKeyPurpose, MadeKey>,
): Promise<void> => {
  const cell = { districtId, table: 'users', rowId: id, column: 'email' }
  const sealed = sealField({ epoch: 1, key: keys.columns.plaintext }, cell, Buffer.from(email, 'utf8'))
  await sql`
    insert into users (district_id, id, sourced_id, role, given_name, family_name, email, email_hash, is_active)
    values (${districtId}, ${id}, ${sourcedId}, 'staff', ${givenName}, ${familyName}, ${sealed},
      ${createLookupHash(keys.lookup.plaintext)(email.toLowerCase())}, true)`.execute(db)
  // Whom feeds speak of works for the district by a role; this one counts until the first feed with roles says what they are.
  if (!sourcedId.includes(':'))
    await sql`
      insert into org_roles (district_id, sourced_id, user_id, org_sourced_id, role)
      values (${districtId}, ${`${sourcedId}:hallpass`}, ${id}, 'hallpass', 'staff')`.execute(db)
  // Who is first has nobody to give it: the audit log says which of our staff did.
  await sql`
    insert into grants (district_id, id, user_id, permission, author_id, begins)
    values (${districtId}, ${newId()}, ${id}, 'administer', null, statement_timestamp())`.execute(db)
}

const addClient = async (
  tx: DistrictTransaction,
  client: NonNullable<NewDistrict['client']>,
  { staff, reason }: NewDistrict,
): Promise<string | null> => {
  const author = { kind: 'operator', id: staff } as const
  const made = await createApiClient(tx, { ...client, author, by: { kind: 'staff', name: staff }, reason })
  return made?.clientId ?? null
}

/** The transaction goes over to the operations district, which row-level security keeps apart, for its last statement. */
const recordUnderOperations = async (
  { db, districtId }: DistrictTransaction,
  { by, district, hasClient }: { by: { kind: 'staff'; name: string }; district: NewDistrict; hasClient: boolean },
): Promise<void> => {
  await sql`select set_config('app.district_id', ${operationsDistrictId}, true)`.execute(db)
  await recordAudit(
    { db, districtId: operationsDistrictId },
    {
      actor: by,
      action: 'district.create',
      target: { kind: 'district', id: districtId },
      reason: district.reason,
      details: {
        hasClient,
        knowsCustody: district.custody !== null,
        brakePercent: district.brake.percent,
        brakeRows: district.brake.rows,
        features: district.features.join(),
      },
    },
  )
}
