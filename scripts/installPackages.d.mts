export declare const hasPackages: (root: string) => boolean
export declare const installPackages: (root: string, signal: AbortSignal) => Promise<void>
