import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly shell: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run: string;
  readonly 'working-directory'?: string;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string; readonly description: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

/** What a runner knows when it runs an action. */
export interface Workflow {
  readonly workspace: string;
  /** A folder for what the runner keeps: files of commands, scripts, temporary files. */
  readonly runner: string;
  /** The context `github`, by dotted name: `github.base_ref`. */
  readonly github: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, string>>;
  /** Variables of the runner, beside those of the process. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ActionRun {
  readonly code: number;
  /** What the steps wrote to standard output and standard error. */
  readonly log: string;
  /** The workflow commands that make annotations. */
  readonly annotations: readonly string[];
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export function readAction(path: string): Action {
  return parse(readFileSync(path, 'utf8')) as Action;
}

/** Runs the steps of a composite action as GitHub's runner does, up to the first that fails. */
export async function runAction(action: Action, workflow: Workflow): Promise<ActionRun> {
  const context = new Map<string, string>([
    ...Object.entries(workflow.github).map(([name, value]) => [`github.${name}`, value] as const),
    ...Object.entries(action.inputs).map(([name, { default: value }]) => [`inputs.${name}`, workflow.inputs[name] ?? value] as const),
  ]);
  let log = '';
  let summary = '';
  let code = 0;
  for (const step of action.runs.steps) {
    if (step.if !== undefined && !isTrue(step.if, context)) continue;
    const folder = mkdtempSync(join(workflow.runner, 'step-'));
    const [script, output, stepSummary] = ['script.sh', 'output', 'summary'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(script, step.run);
    for (const file of [output, stepSummary]) writeFileSync(file, '');
    const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, substituted(text, context)]));
    const result = await bash(script, join(workflow.workspace, substituted(step['working-directory'] ?? '.', context)), {
      ...process.env,
      ...workflow.env,
      ...env,
      RUNNER_TEMP: workflow.runner,
      GITHUB_WORKSPACE: workflow.workspace,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: stepSummary,
    });
    log += result.log;
    summary += readFileSync(stepSummary, 'utf8');
    for (const line of readFileSync(output, 'utf8').split('\n')) {
      const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) context.set(`steps.${step.id}.outputs.${name}`, value);
    }
    code = result.code;
    if (code !== 0) break;
  }
  const outputs = Object.fromEntries(Object.entries(action.outputs).map(([name, { value }]) => [name, substituted(value, context)]));
  const annotations = log.split('\n').filter((line) => /^::(?:error|warning|notice) /.test(line));
  return { code, log, annotations, summary, outputs };
}

/** Expressions of names and `||`; what is not known is empty. */
function substituted(text: string, context: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{\{ *([^}]+?) *\}\}/g, (_, expression: string) => {
    const names = expression.split(' || ');
    if (names.some((name) => !/^[\w.-]+$/.test(name))) throw new Error(`Not understood: ${expression}`);
    return names.map((name) => context.get(name) ?? '').find((value) => value !== '') ?? '';
  });
}

function isTrue(condition: string, context: ReadonlyMap<string, string>): boolean {
  const [, name, value] = /^([\w.-]+) != '([^']*)'$/.exec(condition) ?? [];
  if (name === undefined) throw new Error(`Not understood: ${condition}`);
  return context.get(name) !== value;
}

function bash(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ code: number; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => void (log += data.toString('utf8')));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, log }));
  });
}
