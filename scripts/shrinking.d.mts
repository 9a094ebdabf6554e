export declare const shrinking: readonly string[]
