/** To the limit of the same run. */
export interface Ratios {
  readonly wall: number;
  readonly cpu?: number;
}
interface Samples {
  readonly wall: readonly number[];
  readonly cpu: readonly number[];
}
export declare function ratiosOf(samples: Samples, limit: Samples): Ratios;
export declare function comparison(now: Ratios, before: Ratios | undefined): string;
