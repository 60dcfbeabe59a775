import { openSpool, type Spool } from './openSpool.ts'

/** Does `work` with a fresh spool in `folder`, which is gone when this settles. */
export const withSpool = async <T>(folder: string, work: (spool: Spool) => Promise<T>): Promise<T> => {
  const spool = await openSpool(folder)
  try {
    return await work(spool)
  } finally {
    await spool.close()
  }
}
