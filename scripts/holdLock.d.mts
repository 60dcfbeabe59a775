export declare const holdLock: <T>(name: string, onWait: (pid: number) => void, work: () => Promise<T>) => Promise<T>
