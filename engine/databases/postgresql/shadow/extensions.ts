import type { ReplayStep } from '../../observation';

/** Names of the extensions that scripts create; they must be known before the embedded database is opened. */
export function extensionsOf(chain: readonly ReplayStep[]): Set<string> {
  const names = new Set<string>();
  for (const step of chain) {
    for (const { text } of [...step.up.statements, ...(step.down?.statements ?? [])]) {
      for (const [, quoted, plain] of text.matchAll(/\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|([\w-]+))/gi)) {
        names.add(quoted ?? plain?.toLowerCase() ?? '');
      }
      // earthdistance and cube, ... are created together by CASCADE.
      if (/\bearthdistance\b/i.test(text)) names.add('cube');
    }
  }
  return names;
}
