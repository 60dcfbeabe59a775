export declare const findOnPath: (name: string, versionArguments: string[], versionPattern: string) => Promise<string | null>
