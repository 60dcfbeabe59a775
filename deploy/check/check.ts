/** One thing that has to hold of a deployment, and what to do when it does not. Names variables, never their values. */
export type Check = { name: string; ok: true; detail: string } | { name: string; ok: false; detail: string; mend: string }
