import { createSampleDistrict, type SampleDistrict } from '../db/roster.ts'
import { createCaller, type Caller } from './callApi.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { signIn } from './signIn.ts'
import { startApi, type RunningApi } from './startApi.ts'

/** The API on a database of its own, and a teacher and a student in it who have a channel. */
export type Room = {
  database: TestDatabase
  api: RunningApi
  district: SampleDistrict
  teacher: Caller
  student: Caller
  /** Of the same district, and connected to neither. */
  stranger: Caller
  channelId: string
  close(): Promise<void>
}

export const openRoom = async (): Promise<Room> => {
  const database = await createTestDatabase()
  const api = await startApi(database)
  const district = await createSampleDistrict(database.superuser)
  const callerOf = async (userId: string) => createCaller(api.url, (await signIn(api.deps.app, district.districtId, userId)).token)
  const teacher = await callerOf(district.teacherId)
  const { body } = await teacher<{ id: string }>('POST', '/v1/channels', { studentId: district.studentId })
  return {
    database,
    api,
    district,
    teacher,
    student: await callerOf(district.studentId),
    stranger: await callerOf(district.strangerId),
    channelId: body.id,
    close: async () => {
      await api.close()
      await database.close()
    },
  }
}
