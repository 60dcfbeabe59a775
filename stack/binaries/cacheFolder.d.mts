export declare const cacheFolder: () => string
export declare const cachedBinary: (name: string, version: string) => string
