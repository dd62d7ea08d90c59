import type { Plan, PlanStep } from '../plan';

/** The plan as compact text for terminals and dialogs: where from and to, the steps, what cannot be undone, the warnings. */
export function formatPlan(plan: Plan): string {
  const verb = plan.direction === 'upgrade' ? 'Upgrade' : 'Roll back';
  const lines = [
    `${verb} ${plan.system} on ${plan.target} (${plan.targetDescription}${plan.protected ? ', protected' : ''})`,
    `from ${plan.from ?? 'empty'} to ${plan.to ?? 'empty'}${plan.releases.length > 1 ? ` via ${plan.releases.slice(0, -1).join(', ')}` : ''}`,
    '',
  ];
  if (plan.steps.length === 0) lines.push('Nothing to do.');
  const width = String(plan.steps.length).length;
  plan.steps.forEach((step, index) => lines.push(...formatStep(step, String(index + 1).padStart(width))));
  const irreversible = new Map(plan.steps.filter((s) => s.irreversible !== undefined).map((s) => [s.migration ?? s.id, s.irreversible]));
  if (irreversible.size > 0) {
    lines.push('', 'Cannot be undone by a down script:');
    for (const [name, reason] of irreversible) lines.push(`  ${name}: ${reason}`);
  }
  if (plan.warnings.length > 0) lines.push('', 'Notes:', ...plan.warnings.map((warning) => `  ${warning}`));
  lines.push('', `Plan ${plan.id}`);
  return lines.join('\n');
}

function formatStep(step: PlanStep, number: string): string[] {
  const marks = [step.transactional ? undefined : 'not transactional', step.irreversible === undefined ? undefined : 'irreversible'];
  const suffix = marks.filter((mark) => mark !== undefined).join(', ');
  const shownMarks = step.kind === 'migration' || step.kind === 'statement' || step.kind === 'transform' ? suffix : '';
  const lines = [`  ${number}. ${step.title}${shownMarks ? ` [${shownMarks}]` : ''}`];
  if (step.detail !== undefined) lines.push(`${' '.repeat(number.length + 4)}${step.detail}`);
  return lines;
}
