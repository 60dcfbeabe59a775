import { keyPaths } from '../../stack/appEnvironment.ts'
import type { Apps } from '../../stack/startApps.ts'
import type { Stack } from '../../stack/startStack.ts'

/** Where districts come to be, and by which doors. */
export type Place = {
  databases: { owner: string; sweeper: string; app: string }
  /** Of the local key service. */
  keyFolder: string
  apiUrl: string
  /** Where the object store is from here, if not where the API says that it is. */
  storeUrl: string | null
}

export const toPlace = (stack: Stack, apps: Pick<Apps, 'api'>): Place => ({
  databases: stack.postgres.urls,
  keyFolder: keyPaths(stack).keyFolder,
  apiUrl: apps.api.url,
  storeUrl: null,
})
