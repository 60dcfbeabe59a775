export declare const holdLock: <T>(folder: string, onWait: (pid: number) => void, work: () => Promise<T>) => Promise<T>
