import { describeDrift, migrationsWithin, type Plan, type PlanStep } from '../plan';

/** The plan as compact text for terminals and dialogs: where from and to, what is lost, what cannot be undone, the steps, the notes. */
export function formatPlan(plan: Plan): string {
  const verb = plan.direction === 'upgrade' ? 'Upgrade' : 'Roll back';
  const lines = [
    `${verb} ${plan.system} on ${plan.target} (${plan.targetDescription}${plan.protected ? ', protected' : ''})`,
    way(plan),
    '',
  ];
  if (plan.losses.length > 0) lines.push('Lost:', ...plan.losses.map((loss) => `  ${loss}`), '');
  if (plan.drift) lines.push('Changed outside the journal:', ...plan.drift.map((each) => `  ${describeDrift(each)}`), '');
  const irreversible = new Map(plan.steps.filter((s) => s.irreversible !== undefined).map((s) => [s.migration ?? s.id, s.irreversible]));
  if (irreversible.size > 0) {
    lines.push('Cannot be undone by a down script:');
    for (const [name, reason] of irreversible) lines.push(`  ${name}: ${reason}`);
    lines.push('');
  }
  if (plan.steps.length === 0) lines.push('Nothing to do.');
  const width = String(plan.steps.length).length;
  plan.steps.forEach((step, index) => lines.push(...formatStep(step, String(index + 1).padStart(width))));
  if (plan.warnings.length > 0) lines.push('', 'Notes:', ...plan.warnings.map((warning) => `  ${warning}`));
  lines.push('', `Plan ${plan.id}`);
  return lines.join('\n');
}

function way(plan: Plan): string {
  const { direction, from, to, releases } = plan;
  const within = migrationsWithin(plan);
  if (within !== undefined)
    return direction === 'upgrade' ? `apply ${within} at ${from ?? 'empty'}` : `undo ${within}, back to ${to ?? 'empty'}`;
  return `from ${from ?? 'empty'} to ${to ?? 'empty'}${releases.length > 1 ? ` via ${releases.slice(0, -1).join(', ')}` : ''}`;
}

function formatStep(step: PlanStep, number: string): string[] {
  const marks = [step.transactional ? undefined : 'not transactional', step.irreversible === undefined ? undefined : 'irreversible'];
  const suffix = marks.filter((mark) => mark !== undefined).join(', ');
  const shownMarks = step.kind === 'migration' || step.kind === 'statement' || step.kind === 'transform' ? suffix : '';
  const lines = [`  ${number}. ${step.title}${shownMarks ? ` [${shownMarks}]` : ''}`];
  if (step.detail !== undefined) lines.push(`${' '.repeat(number.length + 4)}${step.detail}`);
  return lines;
}
