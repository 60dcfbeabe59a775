/** Every folder of ours that holds code, once: the import rules and what is checked against them are made from it. */
export const folders = [
  'domain',
  'crypto',
  'db',
  'clients',
  'activities',
  'workflows',
  'worker',
  'api',
  'oncall',
  'deploy',
  'stack',
  'demo',
  'web',
  'test',
  'bench',
  'scripts',
] as const
