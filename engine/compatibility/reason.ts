/** Why a release cannot be taken from another one. */
export interface Reason {
  readonly code:
    | 'release-unknown'
    | 'feature-removed'
    | 'feature-stage'
    | 'api-missing'
    | 'api-removed'
    | 'migration-edited'
    | 'migration-missing'
    | 'phase-order';
  readonly message: string;
  readonly remedy: string;
}
