import { basename, relative } from 'node:path';
import type { MigrationContext } from '#engine/checking/context/context';
import type { Finding } from '#engine/core/finding';
import { enginePath } from '#engine/core/paths';
import { ProblemError } from '#engine/core/problem';
import { LineIndex } from '#engine/core/text';
import { nodeFiles } from '#engine/host/node-files';
import type { LayoutName } from '#engine/core/scripts';
import { analyse } from '#engine/checking/analysis/analysis';
import { discoverProjects } from '#engine/checking/project/discover';
import { openProject } from '#engine/checking/project/open-project';
import { createShadow } from '#engine/databases/postgresql/shadow/shadow';
import { fingerprints, type Report, type Reported } from './reported';
import { excerptOf } from './show';

/** What a run needs. */
export interface RunOptions {
  /** Absolute path of the checkout. */
  readonly checkout: string;
  readonly project: string;
  readonly layout: LayoutName | 'auto';
  /** Absolute paths of the bundled shadow worker and of the embedded database's asset folder. */
  readonly worker: string;
  readonly assets: string;
}

/**
 * Checks every project in a checkout with the checks' defaults. Nothing counts as settled.
 * @throws ProblemError when there is nothing to check, or the embedded database cannot be opened
 */
export async function report({ checkout, project: name, layout, worker, assets }: RunOptions): Promise<Report> {
  const files = nodeFiles();
  const root = enginePath(checkout);
  const paths = layout === 'auto' ? await discoverProjects(files, root) : [root];
  const shadow = await createShadow({ worker, assets, once: true });
  const findings: Reported[] = [];
  let migrations = 0;
  try {
    for (const path of paths) {
      const opened = await openProject({ files, paths: [path], layout, today: new Date().toISOString().slice(0, 10) });
      if (!opened.ok) throw new ProblemError(opened.problem);
      const { context, findings: found, shadowProblem } = await analyse(opened.value, { shadow });
      if (shadowProblem) throw new ProblemError(shadowProblem);
      migrations += context.chain.length;
      const texts = textsOf(context.chain);
      for (const { file } of found.flatMap((finding) => [finding, ...finding.related])) {
        if (!texts.has(file)) texts.set(file, await files.readText(file).catch(() => ''));
      }
      findings.push(...reportedOf(found, context.chain, texts, root));
    }
  } finally {
    await shadow.dispose();
  }
  return { project: name, migrations, findings };
}

function textsOf(chain: readonly MigrationContext[]): Map<string, string> {
  return new Map(chain.flatMap(({ up, down }) => [up, ...(down ? [down] : [])]).map(({ script }) => [script.file, script.text]));
}

function reportedOf(
  found: readonly Finding[],
  chain: readonly MigrationContext[],
  texts: ReadonlyMap<string, string>,
  root: string,
): Reported[] {
  const statements = new Map<string, { migration: string; statements: { start: number; end: number }[] }>();
  for (const { migration, up, down } of chain) {
    for (const { script, statements: own } of [up, ...(down ? [down] : [])]) {
      const others = statements.get(script.file)?.statements ?? [];
      statements.set(script.file, { migration: migration.id, statements: [...others, ...own] });
    }
  }
  const place = (file: string, start: number) =>
    `${relative(root, file)}:${new LineIndex(texts.get(file) ?? '').positionAt(start).line + 1}`;
  const described = found.map((finding) => {
    const text = texts.get(finding.file) ?? '';
    const at = finding.range.start;
    const own = statements.get(finding.file);
    const statement = own?.statements.find(({ start, end }) => start <= at && at < end) ?? finding.range;
    const file = relative(root, finding.file);
    return { finding, text, file, statement: text.slice(statement.start, statement.end), migration: own?.migration ?? basename(file) };
  });
  const marks = fingerprints(described.map(({ finding, file, statement }) => ({ check: finding.id, file, statement })));
  return described.map(({ finding, text, file, migration }, index): Reported => ({
    fingerprint: marks[index] ?? '',
    check: finding.id,
    severity: finding.severity,
    migration,
    file,
    line: new LineIndex(text).positionAt(finding.range.start).line + 1,
    message: finding.message,
    verified: finding.verified,
    excerpt: excerptOf(text, finding.range),
    related: finding.related.map((each) => `${place(each.file, each.range.start)} ${each.message}`),
    fixes: finding.fixes.map(({ title }) => title),
  }));
}
