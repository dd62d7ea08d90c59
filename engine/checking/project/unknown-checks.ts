import type { CheckConfiguration } from '../context/configuration';
import { checks } from '../checks/registry/index';
import type { ManifestDocument, ManifestPath, ManifestProblem } from '../../inputs/manifest/document';
import { LineIndex } from '../../core/text';
import { suggest } from '../../inputs/manifest/suggest';
import { remembered } from '../../core/remember';

interface UnknownCheck {
  readonly path: ManifestPath;
  readonly message: string;
  readonly remedy: string;
  readonly replacement: string | undefined;
}

/** Entries of a `checks` mapping at `at` that are neither the id of a check nor a group, which would change nothing without a word. */
export function unknownChecks(configuration: CheckConfiguration, at: ManifestPath): UnknownCheck[] {
  const known = new Set(checks.flatMap(({ id, group }) => [id, group]));
  return Object.keys(configuration).flatMap((key): UnknownCheck[] => {
    if (known.has(key)) return [];
    const replacement = suggest(key, known);
    const meant = replacement === undefined ? '' : ` Did you mean \`${replacement}\`?`;
    return [
      {
        path: [...at, key],
        message: `\`${key}\` is neither a check nor a group of checks.${meant}`,
        remedy:
          replacement === undefined
            ? 'Remove it, or use the id of a check; docs/checks/README.md lists them.'
            : `Write \`${replacement}\`.`,
        replacement,
      },
    ];
  });
}

/** The manifest with a problem for each unknown entry of its `checks`; the same object for the same manifest. */
export const withUnknownChecks = remembered(reportUnknownChecks);

function reportUnknownChecks(document: ManifestDocument): ManifestDocument {
  const unknown = unknownChecks(document.manifest?.checks ?? {}, ['checks']);
  if (unknown.length === 0) return document;
  const lines = new LineIndex(document.text);
  const problems = unknown.map(({ path, message, remedy, replacement }): ManifestProblem => {
    const range = document.rangeOf(path, 'key');
    const line = lines.positionAt(range.start).line + 1;
    const base = { code: 'manifest-invalid', message, remedy, file: document.path, line, range, path } as const;
    return replacement === undefined ? base : { ...base, replacement };
  });
  return { ...document, problems: [...document.problems, ...problems] };
}
