import type { ParsedStatement } from '../../../databases/statement';
import type { ReplayStep, StatementObservation, StepObservation } from '../../../databases/observation';
import type { Check } from '../../checks/check';
import type { ProductAnalysis } from '../../replay/product-replay';

/** A line of the toy language: `make <name>` or `drop <name>`. */
interface Line {
  readonly verb: 'make' | 'drop';
  readonly name: string;
}

function parsed(line: RegExpExecArray): ParsedStatement<Line> {
  const [text, verb, name = ''] = line;
  const place = { start: line.index, end: line.index + text.length };
  const node = verb === 'make' || verb === 'drop' ? ({ verb, name } as const) : undefined;
  const error = node ? undefined : { message: `unknown verb ${verb}`, offset: place.start, end: place.end };
  return { ...place, text, leadStart: place.start, tailEnd: place.end, kind: 'sql', node, error, offsetOf: (at) => line.index + at };
}

function observe(chain: readonly ReplayStep[]): StepObservation[] {
  const made = new Set<string>();
  return chain.map(({ id, up }) => ({ id, afterFailure: false, statements: up.statements.map(({ text }) => run(text, made)) }));
}

function run(text: string, made: Set<string>): StatementObservation {
  const [verb, name = ''] = text.split(' ');
  const isMissing = verb === 'drop' && !made.delete(name);
  if (verb === 'make') made.add(name);
  const error = isMissing ? { sqlstate: 'TOY01', message: `there is no ${name}` } : undefined;
  return { locks: [], rewrites: [], scans: [], changes: [], locksKnown: true, inTransaction: false, error };
}

const dropFails: Check<Line> = {
  id: 'drop-fails',
  hazards: [],
  severity: 'error',
  summary: 'Drops what is not there.',
  *statement({ statement, observation }) {
    if (statement.node?.verb === 'drop' && observation?.error) yield { range: statement, message: `Fails: ${observation.error.message}` };
  },
};

/** A database product of nothing but what is in this file. It borrows the name of a dialect that is only recognised. */
export const toyDatabase: ProductAnalysis<Line> = {
  checks: {
    database: {
      dialect: 'duckdb',
      language: {
        load: () => Promise.resolve(),
        parse: ({ sql }) => [...sql.matchAll(/^(\w+) (\w+)$/gm)].map(parsed),
        innerStatements: () => [],
        insertsRows: () => false,
        changesSchema: () => true,
        withEvidentTransactions: (directory) => directory,
      },
      replay: {
        open: () =>
          Promise.resolve({
            serverVersion: '1',
            observe: (chain) => Promise.resolve(observe(chain)),
            rehearse: () => Promise.resolve([]),
            dispose: () => Promise.resolve(),
          }),
      },
    },
    rooms: [{ group: 'execution', checks: [dropFails] }],
    observedLocks: () => undefined,
    fitsServer: () => true,
  },
  async replay({ migrations }, { shadow }) {
    const steps = migrations.map(({ migration: { id }, up }): ReplayStep => ({
      id,
      up: { transaction: 'none', sends: 'statements', statements: up.statements },
    }));
    const observed = (await shadow?.observe(steps)) ?? [];
    return {
      isComplete: true,
      observations: new Map(migrations.flatMap(({ migration }, index) => (observed[index] ? [[migration, observed[index]]] : []))),
      roundTrips: new Map(),
      assumed: new Map(),
      pendingFailures: new Map(),
      lessons: [],
      baseline: undefined,
      window: undefined,
      problem: undefined,
    };
  },
};
