/** Why a release cannot be taken from another one, or what one has to know before one takes it. */
export interface Reason {
  readonly code:
    | 'release-unknown'
    | 'feature-removed'
    | 'feature-stage'
    | 'feature-need'
    | 'api-missing'
    | 'api-invalid'
    | 'api-removed'
    | 'api-breaking'
    | 'query-broken'
    | 'migration-edited'
    | 'migration-missing'
    | 'phase-order';
  readonly message: string;
  readonly remedy: string;
}
