import pg from 'pg'

/** Whether the database refuses what was written itself (SQLSTATE class 22 data exception, 23 integrity constraint violation): no repetition cures it. */
export const isRowRefused = (error: unknown): boolean => error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '')
