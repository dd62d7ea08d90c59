export declare function ensureBuilt(): Promise<boolean>;
export declare function isBuilt(folder: string): boolean;
