import type { Fix } from '../../../../core/finding';
import { transactionControl } from '../../../../databases/postgresql/sql/nodes';
import { commandOf } from '../../../../databases/postgresql/sql/statement-names';
import type { ParsedStatement } from '../../../../databases/postgresql/sql/statement';
import type { Check } from '../../check';
import type { ProjectContext, ScriptContext } from '../../../context/context';
import { headOf } from '../support/evidence';
import { fix, insertStatementBefore } from '../support/fixes';
import { type RerunProblem, rerunProblem } from '../support/rerunnable';
import { transactionsOf } from '../support/transactions';

export const check: Check = {
  id: 'not-rerunnable',
  hazards: ['P53'],
  severity: 'info',
  summary: 'Leaves committed statements behind when it fails half-way, so the script cannot run again.',
  *migration({ up }, project) {
    const problems = committedProblems(up, project);
    const [first] = problems;
    if (!first) return;
    const others = problems.slice(1);
    yield {
      range: headOf(first.statement),
      message: `The script cannot run again after a failure: ${first.problem.why}`,
      details: `${commandOf(first.statement)} stays committed when a later statement fails, because no transaction surrounds the script.`,
      advice: 'Make every statement repeatable with IF EXISTS or IF NOT EXISTS, or run the script in one transaction.',
      related: others.map(({ statement }) => ({
        file: up.script.file,
        range: headOf(statement),
        message: 'Cannot run twice either.',
      })),
      fixes: fixes(up, project, problems),
    };
  },
};

interface UnrepeatableStatement {
  readonly statement: ParsedStatement;
  readonly problem: RerunProblem;
}

/**
 * The statements that cannot be run twice and are committed before the script is at its end. What the last transaction does is
 * undone when it fails, except for an index that is built CONCURRENTLY and stays behind invalid.
 */
function committedProblems(script: ScriptContext, project: ProjectContext): UnrepeatableStatement[] {
  const working = transactionsOf(script, project).filter(({ statements }) => statements.some(isWork));
  if (working.length < 2) return [];
  const last = working.at(-1);
  return working.flatMap(({ statements }) =>
    statements.flatMap((statement) => {
      const earlier = script.statements.filter(({ start }) => start < statement.start);
      const problem = rerunProblem(statement, earlier);
      const isUndone = statements === last?.statements && problem?.before === undefined;
      return problem && !isUndone ? { statement, problem } : [];
    }),
  );
}

/** Settings change nothing that stays. */
function isWork({ node }: ParsedStatement): boolean {
  return node !== undefined && transactionControl(node) === undefined && !('VariableSetStmt' in node || 'VariableShowStmt' in node);
}

/** Only where every statement at fault can be fixed, so that the script can really run again. */
function fixes(script: ScriptContext, project: ProjectContext, problems: readonly UnrepeatableStatement[]): Fix[] {
  const oneByOne = project.directory?.runner.sends === 'statements';
  const edits = problems.map(({ statement, problem }) => {
    if (problem.edits) return problem.edits;
    return problem.before !== undefined && oneByOne ? [insertStatementBefore(script, statement, problem.before)] : undefined;
  });
  return edits.every((each) => each !== undefined) ? [fix({ script }, 'Make the script repeatable', edits.flat())] : [];
}
