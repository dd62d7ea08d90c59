import { baseName } from '../../../core/paths';
import { LineIndex } from '../../../core/text';
import { verbatim } from './mapped-text';
import { markerIn, markerOffsets } from './markers';
import { hasQuestionOperator, type PlaceholderStyle } from './placeholders';
import { type FoundQueries, queriesIn } from './query-text';

/** The queries of a file of SQL: each by its marker, or by file and line. */
export function sqlFileQueries(file: string, text: string): FoundQueries {
  const lines = new LineIndex(text);
  const styles = new Set<PlaceholderStyle>(['colon', 'at', 'sqlc']);
  if (!hasQuestionOperator(text)) styles.add('question');
  const found = sections(text).map(({ start, end }) => {
    const part = text.slice(start, end);
    const marker = markerIn(leadOf(part));
    return queriesIn(verbatim(part, start), {
      file,
      styles: marker?.styles ?? styles,
      spreads: marker?.spreads,
      nameOf: (statement, index) => {
        if (marker) return index === 0 ? marker.name : `${marker.name}:${index + 1}`;
        return `${baseName(file)}:${lines.positionAt(start + statement.start).line + 1}`;
      },
    });
  });
  return { queries: found.flatMap(({ queries }) => queries), unusable: found.flatMap(({ unusable }) => unusable) };
}

/** The text from one marker to the next. */
function sections(text: string): { start: number; end: number }[] {
  const starts = [0, ...markerOffsets(text).filter((offset) => offset > 0)];
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? text.length }));
}

/** The comments that a section begins with. */
function leadOf(part: string): string {
  const end = /^(?:\s+|--[^\r\n]*|\/\*[\s\S]*?\*\/)*/.exec(part)?.[0].length ?? 0;
  return part.slice(0, end);
}
