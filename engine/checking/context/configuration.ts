import type { CheckGroup, Severity } from '../../core/finding';

/** The settings of a repository without a manifest, or for several manifests. */
export const configurationFileName = '.mem8-upgrade.yaml';

/** Severity by check id or by group; `off` silences. An entry for the id wins over one for its group. */
export type CheckConfiguration = Readonly<Record<string, Severity | 'off'>>;

/** The severity that a check's findings get, or undefined to leave each finding's own. */
export function configuredSeverity(
  check: { readonly id: string; readonly group: CheckGroup },
  configuration: CheckConfiguration,
): Severity | 'off' | undefined {
  return configuration[check.id] ?? configuration[check.group];
}
