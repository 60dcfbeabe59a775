/** One build of the workflows, as Temporal's Worker Versioning knows it: workers that carry the same build id run the same workflow code. */
export type WorkerVersion = { deploymentName: string; buildId: string }

/** As the search attribute `TemporalWorkerDeploymentVersion` writes it. */
export const toVersionText = ({ deploymentName, buildId }: WorkerVersion): string => `${deploymentName}:${buildId}`
