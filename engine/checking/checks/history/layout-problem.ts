import type { Severity } from '../../../core/finding';
import type { LayoutProblem } from '../../../core/scripts';
import type { Check } from '../check';
import { problemTexts } from '../support/problem-texts';

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
  severity: 'warning',
  summary: 'Contains a file that the migration tool skips, refuses or misreads.',
  *project({ directory }) {
    for (const { kind, file, range, message, related } of directory?.problems ?? []) {
      const severity = severities[kind];
      if (severity) yield { file, range, ...problemTexts(message), severity, related: related ?? [] };
    }
  },
};
