export declare const postgresqlMajors: Readonly<Record<number, string>>;
export declare function installPostgresqlMajor(major: number): Promise<{ folder: string } | { missing: string }>;
