import { resolvePath } from '#engine/core/paths';
import { type Outcome, success } from '#engine/core/problem';
import type { LayoutName } from '#engine/core/scripts';
import { initialise } from '#engine/operations/initialise';
import type { Terminal } from '../terminal';
import { count } from '../output/text';
import { report, type OutputOptions } from './report';

export interface InitOptions extends OutputOptions {
  readonly layout: LayoutName | 'auto';
  readonly system?: string;
  /** False: tags are not looked at. */
  readonly tags?: boolean;
}

interface Written {
  readonly manifest: string;
  readonly layout: LayoutName;
  readonly migrations: number;
  readonly releases: readonly string[];
  readonly apis: number;
}

/** `init`: writes `upgrade.yaml` beside a migrations directory, from what is there. Never overwrites one. */
export async function init(terminal: Terminal, path: string | undefined, options: InitOptions): Promise<number> {
  return report(terminal, options, await write(terminal, resolvePath(terminal.cwd, path ?? '.'), options), told);
}

async function write(terminal: Terminal, start: string, { layout, system, tags }: InitOptions): Promise<Outcome<Written>> {
  const { files, git, environment } = terminal;
  const made = await initialise({ files, start, layout, system, tags, git, environment });
  if (!made.ok) return made;
  const { text, ...written } = made.value;
  await files.write(written.manifest, text);
  return success(written);
}

function told({ manifest, layout, migrations, releases, apis }: Written): string {
  const last = releases.at(-1) ?? '';
  const where = releases.length === 1 ? `release ${last}` : `${releases.length} releases, ${releases[0] ?? ''} to ${last}`;
  const described = apis === 0 ? '' : ` ${count(apis, 'API description')} ${apis === 1 ? 'was' : 'were'} added to ${last}.`;
  return `Wrote ${manifest}: ${count(migrations, 'migration')} (layout ${layout}) in ${where}.${described}\nNext: mem8-upgrade check ${manifest}\n`;
}
