import type { Fix } from '../../../core/finding';
import type { Check } from '../check';
import { manifestPlace, placedReferences, releasePath, textAt, usableManifest, type UsableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'migration-not-referenced',
  hazards: ['M12'],
  severity: 'warning',
  summary: 'Adds a migration that no release lists, so no upgrade runs it.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const referenced = new Set([...placedReferences(usable)].map(({ id }) => id));
    const last = manifest.releases.at(-1);
    for (const { migration, up: script } of context.chain) {
      const { id, up, repeatable } = migration;
      if (repeatable || referenced.has(id)) continue;
      // It may be listed in a part of the manifest that cannot be read just now.
      const mayBeListed = document.problems.length > 0 && document.text.includes(id);
      if (mayBeListed) continue;
      const start = script.statements[0]?.start ?? 0;
      const length = up.text.slice(start).search(/[\r\n]|$/);
      const list = releasePath(document, manifest.releases.length - 1, 'migrations');
      const fix = last && addToLastRelease(usable, id, last.version);
      yield {
        file: up.file,
        range: { start, end: start + length },
        message: `No upgrade runs ${id}: no release lists it`,
        advice: `Add ${id} to the \`migrations\` of the release that needs it.`,
        related: last ? [manifestPlace(document, list, `${last.version} is the newest release.`)] : [],
        fixes: fix ? [fix] : [],
      };
    }
  },
};

function addToLastRelease({ document, manifest }: UsableManifest, id: string, version: string): Fix | undefined {
  const index = manifest.releases.length - 1;
  const count = manifest.releases[index]?.migrations.length ?? 0;
  const list = releasePath(document, index, 'migrations');
  const range = document.rangeOf(list);
  const written = textAt(document, range);
  const insert = (offset: number, newText: string): Fix => ({
    title: `Add to release ${version}`,
    preferred: true,
    edits: [{ file: document.path, range: { start: offset, end: offset }, newText }],
  });
  if (written.startsWith('[')) {
    return written.endsWith(']') ? insert(range.end - 1, count === 0 ? id : `, ${id}`) : undefined;
  }
  const eol = document.text.includes('\r\n') ? '\r\n' : '\n';
  if (written.startsWith('-')) return insert(range.end, `${eol}${indentAt(document.text, range.start)}- ${id}`);
  const release = document.rangeOf(releasePath(document, index));
  const hasKey = /(^|[\s{,])migrations\s*:/.test(textAt(document, release));
  const isFlow = textAt(document, release).startsWith('{');
  if (hasKey || isFlow) return undefined;
  const versionRange = document.rangeOf(releasePath(document, index, 'version'));
  const keyColumn = indentAt(document.text, release.start);
  return insert(endOfLine(document.text, versionRange.end), `${eol}${keyColumn}migrations: [${id}]`);
}

/** White space as wide as what is before an offset on its line. */
function indentAt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return ' '.repeat(offset - start);
}

function endOfLine(text: string, offset: number): number {
  const length = text.slice(offset).search(/[\r\n]/);
  return length < 0 ? text.length : offset + length;
}
