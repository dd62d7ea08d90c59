import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { failure, type Problem, ProblemError } from '#engine/core/problem';
import { layoutNames, type LayoutName } from '#engine/layouts/migration';
import { check, checkFormats, type CheckOptions } from './commands/check';
import { init } from './commands/init';
import { matrix } from './commands/matrix';
import { observe } from './commands/observe';
import { queries } from './commands/queries';
import { rehearse } from './commands/rehearse';
import { report } from './commands/report';
import { apply, backup, plan, restore, rollback, statistics, status, verify } from './commands/target-commands';
import { updates } from './commands/updates';
import { exitCodes } from './exit-codes';
import type { Terminal } from './terminal';
import { toolVersion } from './version';

/** Runs one command line. Never throws for what a user did; returns the exit code (see exit-codes.ts). */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCodes.clean;
  const asJson =
    words.includes('--events') ||
    words.includes('--json') ||
    words.includes('--json') ||
    words.some((word, index) => word === '--format=json' || (word === '--format' && words[index + 1] === 'json'));
  const program = commandLine(terminal, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
    const output = { format: asJson ? ('json' as const) : ('text' as const), events: words.includes('--events') };
    return report(terminal, output, failure(problemOf(error, terminal)), () => '');
  }
}

/** The commands with their options; `finish` gets the exit code of the one that ran. */
export function commandLine(terminal: Terminal, finish: (code: number) => void): Command {
  const program = new Command('mem8-upgrade')
    .description('Checks upgrade manifests and SQL migrations against a real database; plans, runs, verifies and rolls back upgrades.')
    .version(toolVersion)
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      getErrHelpWidth: () => terminal.columns,
      getOutHelpWidth: () => terminal.columns,
    })
    .addHelpText('after', '\nExit codes: 0 clean, 1 findings, 2 wrong use or unreadable input, 3 a run failed.\n')
    .showHelpAfterError()
    .exitOverride();
  const command = (words: string, description: string) => {
    const made = program.command(words).description(description);
    made.exitOverride();
    return made;
  };

  command('check [paths...]', 'check manifests, migrations directories or SQL files')
    .addOption(formatOption(...checkFormats))
    .option('--report <format=file>', 'write a report to a file beside the output; may be repeated', reportOf, [])
    .addOption(layoutOption())
    .option('--minimum <major>', 'oldest PostgreSQL that must work, e.g. 15', major)
    .addOption(new Option('--fail-on <severity>', 'exit with 1 from this severity on').choices(['error', 'warning']).default('error'))
    .option('--no-database', 'skip the embedded database: fast, and nothing is verified')
    .option('--no-rehearse', 'do not run down scripts')
    .option('--since <what>', 'which migrations are settled: auto, none, a git ref, or the last settled migration')
    .option('--all', 'show findings in settled migrations too')
    .action(async (paths: string[], options) => finish(await check(terminal, paths, options)));

  command('observe <paths...>', 'show what each statement locks, rewrites and scans')
    .addOption(formatOption('text', 'json'))
    .addOption(layoutOption())
    .action(async (paths: string[], options) => finish(await observe(terminal, paths, options)));

  command('rehearse [path]', 'run every migration up, down and up again in the embedded database')
    .addOption(formatOption('text', 'json'))
    .addOption(layoutOption())
    .action(async (path: string | undefined, options) => finish(await rehearse(terminal, path, options)));

  command('queries <paths...>', 'list the queries that code sends to its database, or freeze them in one SQL file')
    .addOption(formatOption('text', 'json'))
    .option('--json', 'the same as --format json')
    .option('--out <file>', 'write the queries to this SQL file, for `queries` of a release')
    .action(async (paths: string[], options) => finish(await queries(terminal, paths, options)));

  command('matrix [path]', 'show the features of each release and what the releases require')
    .addOption(formatOption('text', 'markdown', 'json'))
    .option('--all', 'all releases, and not only the newest')
    .action(async (path: string | undefined, options) => finish(await matrix(terminal, path, options)));

  command('init [directory]', 'write a first manifest from migrations, version tags and descriptions of APIs')
    .addOption(formatOption('text', 'json'))
    .addOption(layoutOption())
    .option('--system <name>', 'name of the system (default: the folder’s name)')
    .option('--no-tags', 'put everything into one release, whatever tags there are')
    .action(async (directory: string | undefined, options) => finish(await init(terminal, directory, options)));

  targetCommand(command('plan [manifest]', 'show the way of a target to a release'))
    .option('--to <release>', 'the release to go to (default: the newest)')
    .option('--migration <id>', 'only this migration')
    .option('--accept <risk>', 'accept a named risk of the way', collect, [])
    .option('--backup', 'plan a backup although none is needed')
    .option('--no-backup', 'plan no backup')
    .action(async (manifest: string | undefined, options) => finish(await plan(terminal, manifest, options)));

  runCommand(command('apply [manifest]', 'upgrade a target, or resume an interrupted upgrade'))
    .option('--to <release>', 'the release to go to (default: the newest)')
    .option('--migration <id>', 'only this migration')
    .option('--accept <risk>', 'accept a named risk of the way', collect, [])
    .option('--backup', 'make a backup although none is needed')
    .option('--no-backup', 'make no backup')
    .action(async (manifest: string | undefined, options) => finish(await apply(terminal, manifest, options)));

  runCommand(command('rollback [manifest]', 'bring a target back to an earlier release'))
    .option('--to <release>', 'the release to go back to (default: the one before)')
    .option('--migration <id>', 'only this migration')
    .addOption(new Option('--how <way>', 'by down scripts or by restoring the backup').choices(['down', 'restore']))
    .option('--dry-run', 'show the plan and change nothing')
    .action(async (manifest: string | undefined, options) => finish(await rollback(terminal, manifest, options)));

  targetCommand(command('status [manifest]', 'show what a target is and what was done to it')).action(
    async (manifest: string | undefined, options) => finish(await status(terminal, manifest, options)),
  );

  targetCommand(command('updates [manifest]', 'show the releases that a target could go to, and why not to others'))
    .option('--channel <name>', 'only what this channel offers')
    .option('--accept <name>', 'accept a named risk, or a yanked release by its version', collect, [])
    .option('--no-feed', 'do not ask the feed of the manifest')
    .option('--json', 'the same as --format json')
    .action(async (manifest: string | undefined, options) => finish(await updates(terminal, manifest, options)));

  targetCommand(command('verify [manifest]', 'run the health checks and compare the target with its journal')).action(
    async (manifest: string | undefined, options) => finish(await verify(terminal, manifest, options)),
  );

  targetCommand(command('statistics [manifest]', 'write the sizes of a target’s tables to a file that checks read'))
    .option('--output <file>', 'the file to write (default: the manifest’s, or mem8-statistics.json beside it)')
    .action(async (manifest: string | undefined, options) => finish(await statistics(terminal, manifest, options)));

  targetCommand(command('backup [manifest]', 'make a backup and prove that it restores')).action(
    async (manifest: string | undefined, options) => finish(await backup(terminal, manifest, options)),
  );

  runCommand(command('restore [manifest]', 'bring a target back to a backup'))
    .option('--backup <id>', 'the backup (default: the newest)')
    .action(async (manifest: string | undefined, options) => finish(await restore(terminal, manifest, options)));

  return program;
}

function targetCommand(command: Command): Command {
  return command
    .option('--target <name>', 'target of the manifest (default: the only one, or "local")')
    .addOption(formatOption('text', 'json'));
}

function runCommand(command: Command): Command {
  return targetCommand(command)
    .option('--plan <id>', 'refuse to run anything but this plan')
    .option('--yes', 'confirm a run on a protected target without being asked; other targets are never asked about')
    .option('--events', 'write progress as newline-delimited JSON to standard output');
}

function formatOption(...formats: string[]): Option {
  return new Option('--format <format>', 'form of the output').choices(formats).default(formats[0]);
}

function layoutOption(): Option {
  const names: (LayoutName | 'auto')[] = ['auto', ...layoutNames];
  return new Option('--layout <name>', 'whose conventions the directory follows').choices(names).default('auto');
}

function major(text: string): number {
  if (!/^(?:9|[1-4]\d)$/.test(text)) throw new InvalidArgumentError('It must be a major version such as 15.');
  return Number(text);
}

function reportOf(text: string, earlier: NonNullable<CheckOptions['report']>): NonNullable<CheckOptions['report']> {
  const [, name, file] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
  const format = checkFormats.find((each) => each === name);
  if (format === undefined || file === undefined) {
    throw new InvalidArgumentError(`It must be a form and a file, such as sarif=findings.sarif. Forms: ${checkFormats.join(', ')}.`);
  }
  return [...earlier, { format, file }];
}

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}

function problemOf(error: unknown, terminal: Terminal): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (terminal.signal.aborted) return { code: 'cancelled', message: 'Stopped as asked.', remedy: 'Run the command again to go on.' };
  return {
    code: 'internal',
    message: 'Something unexpected happened; this is a bug in mem8-upgrade.',
    remedy: 'Report it with the command and the text below.',
    cause: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
