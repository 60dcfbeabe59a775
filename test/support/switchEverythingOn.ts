import type pg from 'pg'
import { offeredFeatures } from '../../domain/features.ts'

/** Switches all that the product offers on in every school of a district that a test made. Nobody reads along. */
export const switchEverythingOn = async (client: Pick<pg.Client, 'query'>, districtId: string): Promise<void> => {
  await client.query(
    `insert into feature_switches (district_id, id, feature, switched_on_at)
     select $1, uuidv7(), feature, '2000-01-01' from unnest($2::text[]) feature`,
    [districtId, [...offeredFeatures]],
  )
}
