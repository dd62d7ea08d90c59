import type { Problem } from '#engine/core/problem';
import { nodeFeeds } from '#engine/host/node-feeds';
import type { Installation } from '#engine/operations/installation';
import { type BlockedUpdate, type Update, VersionManager, type VersionOverview } from '#engine/operations/version-manager';
import { formatProblem } from '../output/problem';
import { type Style, styleFor } from '../output/style';
import type { Terminal } from '../terminal';
import { exitCodeOf } from './report';
import { operate, type TargetOptions } from './target-commands';

interface UpdatesOptions extends TargetOptions {
  readonly channel?: string;
  readonly accept?: string[];
  readonly feed: boolean;
}

/** `updates`: where the target could go, and why not further. A feed that cannot be read is told, and decides the exit code. */
export async function updates(terminal: Terminal, manifest: string | undefined, options: UpdatesOptions): Promise<number> {
  const { accept, channel } = options;
  const feeds = options.feed ? nodeFeeds({ files: terminal.files, environment: terminal.environment }) : undefined;
  const style = styleFor(terminal.colors);
  let problem: Problem | undefined;
  const look = async (installation: Installation) => {
    const outcome = await new VersionManager(installation).versions({ accept, channel, feeds });
    problem = outcome.ok ? outcome.value.feed?.problem : undefined;
    return outcome;
  };
  const code = await operate(terminal, manifest, options, look, (value) => describe(value, style));
  if (!problem) return code;
  if (options.format === 'text') terminal.err(formatProblem(problem, style));
  return exitCodeOf(problem);
}

function describe({ current, channel, updates: found, blocked, feed }: VersionOverview, style: Style): string {
  const source = feed && !feed.problem ? `, ${feed.releases} announced in ${feed.address}` : '';
  const lines = [
    `release   ${current ?? 'nothing applied yet'}${channel === undefined ? '' : `, channel ${channel}`}${source}`,
    `updates   ${found.length === 0 ? 'none' : ''}`.trimEnd(),
    ...found.flatMap((update) => [`  ${style.green(update.release)}${way(update)}`, ...told(update, style)]),
    ...(blocked.length > 0 ? ['not now'] : []),
    ...blocked.flatMap((update) => [
      `  ${style.red(update.release)}`,
      ...update.reasons.map((reason) => `    ${reason}`),
      ...told(update, style),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function way({ path }: Update): string {
  return path.length > 1 ? ` via ${path.slice(0, -1).join(', ')}` : '';
}

function told({ announced }: Update | BlockedUpdate, style: Style): string[] {
  const { publishedAt, notes, url } = announced ?? {};
  const parts = [publishedAt, notes?.trim().split('\n')[0], url].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? [] : [style.dim(`    ${parts.join(' ')}`)];
}
