import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { proseOfJson, proseOfMarkdown, proseOfSource, type Prose } from './support/prose';
import { writingRules } from './support/writing-rules';

const root = fileURLToPath(new URL('..', import.meta.url));
const places = [
  'README.md',
  'CONTRIBUTING.md',
  'package.json',
  'package.nls.json',
  'docs',
  'engine',
  'cli',
  'client',
  'server',
  'protocol',
];

/** Pages made of the source files of this list, and the guide, which has to name the words. */
const excluded =
  /\.test\.ts$|\/testing\/|tsconfig\.json$|\.schema\.json$|^client\/test-vscode\.ts$|^docs\/writing\.md$|^docs\/checks\/README\.md$/;

const files = places
  .flatMap((place) =>
    statSync(root + place).isFile()
      ? [place]
      : readdirSync(root + place, { recursive: true, encoding: 'utf8' }).map((name) => `${place}/${name}`),
  )
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.(ts|json|md)$/.test(path) && !excluded.test(path))
  .sort();

function proseOf(path: string): Prose[] {
  const source = readFileSync(root + path, 'utf8');
  if (path.endsWith('.ts')) return proseOfSource(path, source);
  return path.endsWith('.json') ? proseOfJson(path, source) : proseOfMarkdown(source);
}

/** What breaks a rule in `text`: the words as they stand there, and what to write instead. */
function violations(text: string): string[] {
  return writingRules.flatMap(({ pattern, write }) => {
    const match = pattern.exec(text);
    if (!match) return [];
    const around = text.slice(Math.max(0, match.index - 60), match.index + 100);
    return [`"${match[0].replace(/^\W+/, '')}": write ${write} - in: ${around}`];
  });
}

const violationsIn = (path: string) =>
  proseOf(path).flatMap(({ text, line }) => violations(text).map((each) => `${path}:${line}: ${each}`));

it('uses the words of docs/writing.md in every text that a user reads', () => {
  expect(files.flatMap(violationsIn)).toEqual([]);
});

it('lists the rules in docs/writing.md, in their order', () => {
  const page = readFileSync(`${root}docs/writing.md`, 'utf8');
  const rows = page.split('\n').flatMap((line) =>
    line.startsWith('| ')
      ? [
          line
            .split('|')
            .slice(1, -1)
            .map((cell) => cell.trim()),
        ]
      : [],
  );
  const expected = writingRules.map(({ avoid, write, example: [before, after] }) => [avoid, write, `${before} → ${after}`]);
  expect(rows.slice(2)).toEqual(expected);
});

describe.each(writingRules)('the rule about $avoid', ({ pattern, example: [before, after] }) => {
  it('finds its example and no fault in what to write instead', () => {
    expect(pattern.exec(before)).not.toBeNull();
    expect(violations(after)).toEqual([]);
  });
});

describe('the prose of', () => {
  it('a source is its literals, joined, without code, imports and SQL', () => {
    const source = [
      "import 'mend the import';",
      "const a = 'mend' + ` the ${name} at ` + (b ? 'two places' : '');",
      "const sql = 'SELECT mend FROM a table';",
      "const advice = 'Grant what is missing.';",
      "const c: 'mend the type' = say('See `mend it` there.');",
    ].join('\n');
    expect(proseOfSource('a.ts', source)).toEqual([
      { text: 'mend the {…} at {…}', line: 2 },
      { text: 'two places', line: 2 },
      { text: 'Grant what is missing.', line: 4 },
      { text: 'See {…} there.', line: 5 },
    ]);
  });

  it('JSON is its values', () => {
    expect(proseOfJson('a.json', '{\n  "mend it": "mend this",\n  "b": ["one", "two words"]\n}')).toEqual([
      { text: 'mend this', line: 2 },
      { text: 'two words', line: 3 },
    ]);
  });

  it('a page is its paragraphs and items, without code', () => {
    const page =
      '# The title\n\nA paragraph of\ntwo lines with `code`.\n\n```\nmend the block\n```\n\n- an item\n  of two lines\n- another item\n';
    expect(proseOfMarkdown(page)).toEqual([
      { text: '# The title', line: 1 },
      { text: 'A paragraph of two lines with {…}.', line: 3 },
      { text: '- an item of two lines', line: 10 },
      { text: '- another item', line: 12 },
    ]);
  });
});
