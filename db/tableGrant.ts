/** What a role may do with a table: columns, or all of them. What is not listed is refused. */
export type TableGrant = {
  select?: 'all' | readonly string[]
  insert?: 'all'
  update?: readonly string[]
  delete?: true
}
