import type { Severity } from '../core/finding';
import type { LayoutProblem } from '../layouts/migration';
import type { Check } from './check';

/** Undefined for the kinds that are findings of other checks. */
const severities: Readonly<Record<LayoutProblem['kind'], Severity | undefined>> = {
  'unreadable-script': 'error',
  'bad-directive': 'error',
  'no-value': 'error',
  'orphan-down': 'warning',
  'opaque-script': 'info',
  'unknown-file': 'info',
  'duplicate-version': undefined,
  order: undefined,
  checksum: undefined,
  'byte-order-mark': undefined,
};

export const check: Check = {
  id: 'layout-problem',
  hazards: ['M12'],
  group: 'history',
  severity: 'warning',
  summary: 'A file of the migrations directory is not what its tool expects, so it is skipped or misread.',
  *project({ directory }) {
    for (const { kind, file, range, message, related } of directory?.problems ?? []) {
      const severity = severities[kind];
      if (severity) yield { file, range, message, severity, related: related ?? [] };
    }
  },
};
