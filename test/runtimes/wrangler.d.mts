export function withWorker<T>(config: string, use: (url: string) => Promise<T>, ...more: string[]): Promise<T>
