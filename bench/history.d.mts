export declare function writeHistory(folder: string): void;
