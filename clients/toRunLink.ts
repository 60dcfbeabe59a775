/** The address of a run in the Temporal UI. Workflow ids are made of ids only, so the address carries no content. */
export const toRunLink = (temporal: { uiUrl: string; namespace: string }, run: { workflowId: string; runId: string }): string =>
  `${new URL(temporal.uiUrl).origin}/namespaces/${encodeURIComponent(temporal.namespace)}/workflows/${encodeURIComponent(run.workflowId)}/${run.runId}/history`

/** The address of a list of runs in the Temporal UI. `query` names states and types only. */
export const toRunsLink = (temporal: { uiUrl: string; namespace: string }, query: string): string =>
  `${new URL(temporal.uiUrl).origin}/namespaces/${encodeURIComponent(temporal.namespace)}/workflows?query=${encodeURIComponent(query)}`
