import { expect } from 'vitest';
import type { ApiChange } from '../../compatibility/apis/api-format';
import type { Finding } from '../../../core/finding';
import { longestHeadline } from '../support/headline';

/** Names longer than this count as this long. */
const longestName = 12;

/** Asserts the form of findings that docs/writing.md asks for. Returns them. */
export function wellWritten<Findings extends readonly Finding[]>(findings: Findings): Findings {
  for (const finding of findings) expect(faultsOf(finding), `${finding.id}: ${finding.message}`).toEqual([]);
  return findings;
}

/** Asserts the form of the texts of API changes: the element first, no consequence and no notice in the headline. Returns them. */
export function wellNamed<Changes extends readonly ApiChange[]>(changes: Changes): Changes {
  for (const change of changes) {
    expect(faultsOf(change), change.message).toEqual([]);
    expect(change.message).toMatch(/^(The [\w`]|Authentication |(Old|New) data |[A-Z][\w ]* ["`]|`)/);
    expect(`${change.message} ${change.details ?? ''}`).not.toMatch(/\b(is gone|any more|those who|who|nobody|everybody|undefined)\b/i);
  }
  return changes;
}

/** What is wrong with the form of a headline and of the texts below it. */
function faultsOf({ message, details, advice }: Pick<Finding, 'message' | 'details' | 'advice'>): string[] {
  const length = withShortNames(message).length;
  return [
    ...(length > longestHeadline ? [`the headline has ${length} characters, not at most ${longestHeadline}`] : []),
    ...(/\.$/.test(message) ? ['the headline ends with a full stop'] : []),
    ...(/[.;] [A-Z]/.test(message) ? ['the headline is more than one sentence'] : []),
    ...[details, advice].flatMap((text) => (text === undefined || /[.?;)]$/.test(text) ? [] : [`not a full sentence: ${text}`])),
  ];
}

function withShortNames(message: string): string {
  return message.replace(/"[^"]+"|`[^`]+`|[\w.$-]+/g, (name) => name.slice(0, longestName));
}
