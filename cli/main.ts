import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { failure, type Problem, ProblemError } from '#engine/core/problem';
import { type LayoutName, layoutNames } from '#engine/core/scripts';
import type { CheckOptions } from './commands/check';
import { type OutputOptions, report } from './commands/report';
import { exitCodes } from './exit-codes';
import { checkFormats } from './output/formats';
import type { Terminal } from './terminal';
import { toolVersion } from './version';

const exitCodesHelp = `
Exit codes:
  0  success
  1  findings of at least the severity of --fail-on, or a failed verification
  2  usage error, unreadable input, or a script that cannot be run
  3  run failed
`;

/** Runs one command line. Never throws for what a user did; returns the exit code (see exit-codes.ts). */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCodes.clean;
  let output: OutputOptions = { format: 'text' };
  const program = commandLine(terminal, (result) => {
    code = result;
  });
  program.hook('preAction', (_, command) => {
    if (command.getOptionValue('json')) command.setOptionValue('format', 'json');
    output = command.opts<OutputOptions>();
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
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
    .addHelpText('after', exitCodesHelp)
    .showHelpAfterError('Run mem8-upgrade --help.')
    .exitOverride();
  // A command and what it needs of the engine are loaded when it runs.
  const runs =
    <A, O>(load: () => Promise<(terminal: Terminal, argument: A, options: O) => Promise<number>>) =>
    async (argument: A, options: O) => {
      const run = await load();
      finish(await run(terminal, argument, options));
    };
  const onTarget = () => import('./commands/target-commands');
  const command = (words: string, description: string) => {
    const made = program.command(words).description(description);
    made.showHelpAfterError(`Run mem8-upgrade ${made.name()} --help.`).exitOverride();
    return made;
  };

  command('check [paths...]', 'check manifests, migrations directories or SQL files')
    .addOption(formatOption(...checkFormats))
    .option('--report <format=file>', 'also write a report to a file; repeatable', reportOf)
    .addOption(layoutOption())
    .option('--minimum <major>', 'oldest supported PostgreSQL version, e.g. 15', major)
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 if a finding has this severity or a higher one')
        .choices(['error', 'warning'])
        .default('error'),
    )
    .option('--no-database', 'skip the embedded database: fast, but nothing is verified')
    .option('--no-rehearse', 'do not run down scripts')
    .option('--since <what>', 'which migrations are settled: auto, none, a git ref, or the last settled migration')
    .option('--all', 'also show findings in settled migrations')
    .action(runs(async () => (await import('./commands/check')).check));

  command('observe <paths...>', 'show what each statement locks, rewrites and scans')
    .addOption(formatOption('text', 'json'))
    .addOption(layoutOption())
    .action(runs(async () => (await import('./commands/observe')).observe));

  command('rehearse [path]', 'run every migration up, down and up again in the embedded database')
    .addOption(formatOption('text', 'json'))
    .addOption(layoutOption())
    .action(runs(async () => (await import('./commands/rehearse')).rehearse));

  command('queries <paths...>', 'list the queries in code and SQL files, or freeze them in one SQL file')
    .addOption(formatOption('text', 'json'))
    .option('--json', 'same as --format json')
    .option('--out <file>', 'write the queries to this SQL file, for the `queries` of a release')
    .action(runs(async () => (await import('./commands/queries')).queries));

  command('matrix [path]', 'show the features and requirements of each release')
    .addOption(formatOption('text', 'markdown', 'json'))
    .option('--all', 'show all releases, not only the newest')
    .action(runs(async () => (await import('./commands/matrix')).matrix));

  command('init [directory]', 'create a manifest from migrations, version tags and API descriptions')
    .addOption(formatOption('text', 'json'))
    .addOption(layoutOption())
    .option('--system <name>', 'name of the system (default: the name of the folder)')
    .option('--no-tags', 'put all migrations into one release, regardless of tags')
    .action(runs(async () => (await import('./commands/init')).init));

  targetCommand(command('plan [manifest]', 'show the steps that bring a target to a release'))
    .option(...waitOption)
    .option('--to <release>', 'release to upgrade to (default: the newest)')
    .option('--migration <id>', 'only this migration')
    .option('--accept <name>', 'accept a named risk of the upgrade path, or a change outside the journal as drift:<object>', collect)
    .option('--backup', 'plan a backup even if none is needed')
    .option('--no-backup', 'plan no backup')
    .action(runs(async () => (await onTarget()).plan));

  runCommand(command('apply [manifest]', 'upgrade a target, or resume an interrupted upgrade'))
    .option('--to <release>', 'release to upgrade to (default: the newest)')
    .option('--migration <id>', 'only this migration')
    .option('--accept <name>', 'accept a named risk of the upgrade path, or a change outside the journal as drift:<object>', collect)
    .option('--backup', 'make a backup even if none is needed')
    .option('--no-backup', 'make no backup')
    .action(runs(async () => (await onTarget()).apply));

  runCommand(command('rollback [manifest]', 'roll a target back to an earlier release'))
    .option('--to <release>', 'release to roll back to (default: the previous one)')
    .option('--migration <id>', 'only this migration')
    .addOption(new Option('--how <way>', 'roll back by down scripts or by restoring the backup').choices(['down', 'restore']))
    .option('--accept <name>', 'accept a change outside the journal as drift:<object>, or say whether a step took effect', collect)
    .option('--backup', 'make a backup even if none is needed')
    .option('--no-backup', 'make no backup; what the down scripts drop is permanently lost')
    .option('--end-connections', 'end connections of other programs that prevent a restore')
    .option('--dry-run', 'show the plan and change nothing')
    .action(runs(async () => (await onTarget()).rollback));

  targetCommand(command('status [manifest]', "show a target's release, migrations and backups"))
    .option('--all', 'list all migrations, not only those that are pending or differ from the manifest')
    .action(runs(async () => (await onTarget()).status));

  targetCommand(command('updates [manifest]', 'list the releases that a target can be upgraded to, and why others are blocked'))
    .option('--channel <name>', 'only releases of this channel')
    .option('--accept <name>', 'accept a named risk, or a yanked release by its version', collect)
    .option('--no-feed', 'do not query the feed of the manifest')
    .option('--json', 'same as --format json')
    .action(runs(async () => (await import('./commands/updates')).updates));

  targetCommand(command('verify [manifest]', 'run the health checks and compare the target with its journal')).action(
    runs(async () => (await onTarget()).verify),
  );

  targetCommand(command('statistics [manifest]', 'write the table sizes of a target to a file that checks use'))
    .option('--output <file>', 'file to write (default: the one named in the manifest, or mem8-statistics.json next to it)')
    .action(runs(async () => (await onTarget()).statistics));

  targetCommand(command('backup [manifest]', 'make a backup and prove that it can be restored'))
    .option(...waitOption)
    .action(runs(async () => (await onTarget()).backup));

  runCommand(command('restore [manifest]', 'restore a target from a backup'))
    .option('--backup <id>', 'backup to restore (default: the newest of this database)')
    .addOption(new Option('--other-database <id>', 'restore this backup although it is of another database').conflicts('backup'))
    .option('--end-connections', 'end connections of other programs that prevent the restore')
    .action(runs(async () => (await onTarget()).restore));

  return program;
}

const waitOption = ['--wait', 'wait for another run on the target, with no time limit, then do what is left to do'] as const;

function targetCommand(command: Command): Command {
  return command
    .option('--target <name>', 'target of the manifest (default: the only one, or "local")')
    .addOption(formatOption('text', 'json'));
}

function runCommand(command: Command): Command {
  return targetCommand(command)
    .option(...waitOption)
    .option('--plan <id>', 'run only this plan, and fail if the plan has changed')
    .option('--yes', 'skip the confirmation for a protected target; other targets need none')
    .option('--events', 'write progress to standard output as newline-delimited JSON');
}

function formatOption(...formats: string[]): Option {
  return new Option('--format <format>', 'output format').choices(formats).default(formats[0]);
}

function layoutOption(): Option {
  const names: (LayoutName | 'auto')[] = ['auto', ...layoutNames];
  return new Option('--layout <name>', 'migration tool whose conventions the directory follows').choices(names).default('auto');
}

function major(text: string): number {
  if (!/^(?:9|[1-4]\d)$/.test(text)) throw new InvalidArgumentError('It must be a major version such as 15.');
  return Number(text);
}

function reportOf(text: string, earlier: NonNullable<CheckOptions['report']> = []): NonNullable<CheckOptions['report']> {
  const [, name, file] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
  const format = checkFormats.find((each) => each === name);
  if (format === undefined || file === undefined) {
    throw new InvalidArgumentError(`It must be a form and a file, such as sarif=findings.sarif. Forms: ${checkFormats.join(', ')}.`);
  }
  return [...earlier, { format, file }];
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}

function problemOf(error: unknown, terminal: Terminal): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (terminal.signal.aborted) return { code: 'cancelled', message: 'Stopped on request.', remedy: 'Run the command again to continue.' };
  return {
    code: 'internal',
    message: 'An unexpected error occurred. This is a bug in mem8-upgrade.',
    remedy: 'Report it with the command and the text below.',
    cause: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
