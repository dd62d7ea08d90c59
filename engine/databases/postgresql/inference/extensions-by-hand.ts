import type { ReplayStep } from '../../observation';
import { identifier } from '../sql/quoting';
import { fieldsOf } from '../sql/nodes';
import type { ParsedStatement } from '../sql/statement';
import { remembered } from '../../../core/remember';
import type { CompletedHistory, HistoryToComplete } from './assume';
import { type Lesson, lessonsOf } from './server-lessons';
import { extensionFunctions, extensionTypes, operatorClasses } from './type-names';

const extensionOf = new Map<string, string>([
  ...Object.entries(extensionTypes),
  ...Object.entries(extensionFunctions),
  ...Object.entries(operatorClasses).flatMap(([name, { extension }]) => (extension === undefined ? [] : [[name, extension] as const])),
]);

const namedBy = remembered(
  ({ text }: ParsedStatement): ReadonlySet<string> =>
    new Set((text.match(/\w+/g) ?? []).flatMap((word) => extensionOf.get(word.toLowerCase()) ?? [])),
);

const creates = remembered(({ text }: ParsedStatement) => /\bcreate\s+extension\b/i.test(text));

/** True when a statement has a name in it that comes with the extension. */
export function mentions(statement: ParsedStatement, extension: string): boolean {
  return namedBy(statement).has(extension);
}

/**
 * Finds the extensions that the server misses in a history which starts from an empty database, and that no script of it
 * creates: a database has them because it was made with them.
 */
export async function extensionsByHand({ baseline, scripts, lessons, observe }: HistoryToComplete): Promise<CompletedHistory> {
  const nothingMissing: CompletedHistory = { step: undefined, assumed: scripts.map(() => []), lessons: [] };
  const statements = scripts.map((script) => script.statements.filter(({ kind }) => kind === 'sql'));
  const all = statements.flat();
  const named = new Set(all.flatMap((statement) => [...namedBy(statement)]));
  if (named.size === 0) return nothingMissing;
  const creating = all.filter(creates).map(({ text }) => text);
  const created = new Set(
    [...(baseline?.statements ?? []), ...all].flatMap(({ node }) => fieldsOf(node, 'CreateExtensionStmt')?.extname?.toLowerCase() ?? []),
  );
  const isCreated = (extension: string) => created.has(extension) || creating.some((text) => text.includes(extension));
  const wanted = [...new Set(extensionOf.values())].filter((extension) => !isCreated(extension));
  if (!wanted.some((extension) => named.has(extension))) return nothingMissing;
  const texts = new Set(all.map(({ text }) => text));
  const known = lessons.filter(({ kind, statement }) => kind === 'extension' && texts.has(statement));
  const learned = known.length > 0 ? known : await ask();
  const missing = learned.flatMap((lesson) => (lesson.kind === 'extension' && wanted.includes(lesson.name) ? lesson : []));
  const neededBy = new Map<string, number>();
  for (const { name, statement } of missing.toReversed())
    neededBy.set(
      name,
      statements.findIndex((each) => each.some(({ text }) => text === statement)),
    );
  const objects = [...neededBy].map(([name, script]) => ({
    object: `extension ${name}`,
    sql: `CREATE EXTENSION ${identifier(name)} CASCADE`,
    script,
  }));
  const step: ReplayStep = {
    id: 'assumed',
    up: { transaction: 'script', sends: 'statements', statements: objects.map(({ sql }) => ({ text: sql })) },
  };
  return {
    step: objects.length === 0 ? undefined : step,
    assumed: scripts.map((_, index) => objects.filter(({ script }) => script === index)),
    lessons: learned,
  };

  async function ask(): Promise<Lesson[]> {
    const before = baseline ? [baseline.step] : [];
    const observed = await observe([...before, ...scripts.map((script) => script.step)]);
    return statements.flatMap((each, index) =>
      each.flatMap((statement, place) => {
        const error = observed[before.length + index]?.statements[place]?.error;
        return error && error.gaveUp === undefined ? lessonsOf(error, statement, []).filter(({ kind }) => kind === 'extension') : [];
      }),
    );
  }
}
