import type { QueryExecutorProvider } from 'kysely'
import type { Transaction } from '../../db/openDatabase.ts'

/** A table that a statement read from end to end. */
export type FullScan = { table: string; statement: string }

type Node = { 'Node Type': string; 'Relation Name'?: string; Plans?: Node[] }

const findScans = (node: Node, statement: string): FullScan[] => [
  ...(node['Node Type'] === 'Seq Scan' ? [{ table: node['Relation Name'] ?? '?', statement }] : []),
  ...(node.Plans ?? []).flatMap((plan) => findScans(plan, statement)),
]

/**
 * The same transaction, which asks Postgres for the plan of every statement before it runs it, with the very parameters and rights. `scans`
 * and `statements` grow as it is used.
 */
export const explaining = <T extends Transaction>(tx: T): { tx: T; scans: FullScan[]; genericScans: FullScan[]; statements: string[] } => {
  const scans: FullScan[] = []
  const genericScans: FullScan[] = []
  const statements: string[] = []
  const executor = tx.db.getExecutor()
  const watched = new Proxy(executor, {
    get: (target, name) => {
      if (name !== 'executeQuery') {
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      }
      return async (query: Parameters<typeof target.executeQuery>[0], ...rest: never[]) => {
        statements.push(query.sql)
        const { rows } = await target.executeQuery({ ...query, sql: `explain (format json) ${query.sql}` })
        const [row] = rows as Array<{ 'QUERY PLAN': Array<{ Plan: Node }> }>
        for (const { Plan } of row?.['QUERY PLAN'] ?? []) scans.push(...findScans(Plan, query.sql))
        // The plan for no value in particular, which is the one that the API takes.
        const generic = await target.executeQuery({ ...query, sql: `explain (generic_plan, format json) ${query.sql}`, parameters: [] })
        const [once] = generic.rows as Array<{ 'QUERY PLAN': Array<{ Plan: Node }> }>
        for (const { Plan } of once?.['QUERY PLAN'] ?? []) genericScans.push(...findScans(Plan, query.sql))
        return target.executeQuery(query, ...rest)
      }
    },
  })
  const db: QueryExecutorProvider = { getExecutor: () => watched }
  return { tx: { ...tx, db }, scans, genericScans, statements }
}
