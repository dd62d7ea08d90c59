/** The door to checking: what hosts find, open, analyse and report projects with. */
import { postgresql } from '../databases/postgresql/index';

export { type Analysis, analyse, orderedMigrations } from '../checking/analysis/analysis';
export { findingFingerprints } from '../checking/analysis/finding-fingerprints';
export { requiredBump } from '../checking/bump/required-bump';
export { checks, type RegisteredCheck } from '../checking/checks/registry/index';
export { ignoreCommentFor } from '../checking/checks/support/ignore-comments';
export { featureTable } from '../checking/compatibility/features/feature-table';
export { featureTableMarkdown, featureTableText } from '../checking/compatibility/features/format-table';
export { frozenQueries } from '../checking/compatibility/queries/frozen';
export { readQueries } from '../checking/compatibility/queries/read-queries';
export type { ReleaseQueries, ReleaseQuery } from '../checking/compatibility/queries/release-query';
export type { MigrationContext, ScriptContext } from '../checking/context/context';
export { Checkouts } from '../checking/project/checkouts';
export { discoverProjects } from '../checking/project/discover';
export { openProject } from '../checking/project/open-project';
export { ownerOf } from '../checking/project/owner';
export type { Project } from '../checking/project/project';
export { SettledHistory } from '../inputs/settled/settlement';

/** Opens the embedded server in which migrations are tried. @throws ProblemError `shadow-unavailable` */
export const createShadow = postgresql.replay.open;
