import { l10n } from 'vscode';
import { describeDrift, migrationsWithin, type Plan, type PlanStep, type RunReport } from '#engine/running/plan';
import { duration } from './progress-message';

const stepsInDialog = 12;

/** `mem8 on local, 1.0.0 to 2.0.0`, or `mem8 on local, 6 applied migrations of 2.0.0` */
export function planTitle(plan: Plan): string {
  const within = migrationsWithin(plan);
  if (within !== undefined) return l10n.t('{0} on {1}, {2}', plan.system, plan.target, within);
  return l10n.t('{0} on {1}, {2} to {3}', plan.system, plan.target, releaseName(plan.from), releaseName(plan.to));
}

export function releaseName(release: string | null): string {
  return release ?? l10n.t('empty');
}

/** The question that a confirmation asks. */
export function planQuestion(plan: Plan): string {
  const within = migrationsWithin(plan);
  if (within !== undefined) {
    return plan.direction === 'upgrade'
      ? l10n.t('Apply {0} on {1}?', within, plan.target)
      : l10n.t('Undo {0} on {1}?', within, plan.target);
  }
  return plan.direction === 'upgrade'
    ? l10n.t('Upgrade {0} on {1} from {2} to {3}?', plan.system, plan.target, releaseName(plan.from), releaseName(plan.to))
    : l10n.t('Roll {0} on {1} back from {2} to {3}?', plan.system, plan.target, releaseName(plan.from), releaseName(plan.to));
}

/** The plan in a few lines of plain text, what is lost and what cannot be undone first. */
export function planSummary(plan: Plan): string {
  const lost = irreversibleSteps(plan);
  const shown = plan.steps.slice(0, stepsInDialog);
  const more = plan.steps.length - shown.length;
  return [
    plan.protected ? l10n.t('Target: {0} (protected)', plan.targetDescription) : l10n.t('Target: {0}', plan.targetDescription),
    ...section(
      l10n.t('Lost:'),
      plan.losses.map((loss) => `- ${loss}`),
    ),
    ...section(
      l10n.t('Changed outside the journal:'),
      (plan.drift ?? []).map((each) => `- ${describeDrift(each)}`),
    ),
    ...section(
      l10n.t('Cannot be undone:'),
      lost.map((step) => `- ${step.title}: ${step.irreversible}`),
    ),
    ...section(
      l10n.t('Notes:'),
      plan.warnings.map((warning) => `- ${warning}`),
    ),
    ...section(l10n.t('Steps:'), [
      ...shown.map((step, index) => `${index + 1}. ${step.title}`),
      ...(more > 0 ? [l10n.t('... and {0} more', more)] : []),
    ]),
  ].join('\n');
}

function irreversibleSteps(plan: Plan): PlanStep[] {
  return plan.steps.filter((step) => step.irreversible !== undefined);
}

/** True when running the plan loses data or closes the way back: such a plan is always confirmed. */
export function isDestructive(plan: Plan): boolean {
  if (irreversibleSteps(plan).length > 0 || plan.losses.length > 0) return true;
  return plan.direction === 'rollback' && (plan.warnings.length > 0 || plan.steps.some((step) => step.kind === 'restore'));
}

/** The whole plan as Markdown source. */
export function planMarkdown(plan: Plan): string {
  const heading = plan.direction === 'upgrade' ? l10n.t('Upgrade plan') : l10n.t('Rollback plan');
  return [
    `# ${heading}: ${planTitle(plan)}`,
    '',
    `- ${l10n.t('Target')}: ${plan.target}, ${plan.targetDescription}${plan.protected ? `, **${l10n.t('protected')}**` : ''}`,
    `- ${l10n.t('Releases on the path')}: ${plan.releases.join(', ') || l10n.t('none')}`,
    `- ${l10n.t('Plan')}: ${plan.id}`,
    '',
    ...titled(
      l10n.t('Lost'),
      plan.losses.map((loss) => `- ${loss}`),
    ),
    ...titled(
      l10n.t('Changed outside the journal'),
      (plan.drift ?? []).map((each) => `- ${describeDrift(each)}`),
    ),
    ...titled(
      l10n.t('Cannot be undone'),
      irreversibleSteps(plan).map((step) => `- ${step.title}: ${step.irreversible}`),
    ),
    ...titled(
      l10n.t('Notes'),
      plan.warnings.map((warning) => `- ${warning}`),
    ),
    `## ${l10n.t('Steps')}`,
    '',
    ...(plan.steps.length === 0 ? [l10n.t('Nothing to do.'), ''] : plan.steps.flatMap(stepMarkdown)),
  ].join('\n');
}

/** What a run did, as Markdown source. */
export function reportMarkdown(report: RunReport): string {
  const heading = report.direction === 'upgrade' ? l10n.t('Upgrade report') : l10n.t('Rollback report');
  return [
    `# ${heading}: ${l10n.t('{0} to {1}', releaseName(report.from), releaseName(report.to))}`,
    '',
    `- ${l10n.t('Release now')}: ${releaseName(report.release)}`,
    ...verdictMarkdown(report),
    `- ${l10n.t('Time')}: ${duration(report.ms)}`,
    `- ${l10n.t('Run')}: ${report.run}`,
    `- ${l10n.t('Plan')}: ${report.plan}`,
    ...(report.backup ? [`- ${l10n.t('Backup')}: ${report.backup.id}, ${report.backup.location}`] : []),
    '',
    `## ${l10n.t('Steps')}`,
    '',
    ...report.steps.map(
      (step, index) =>
        `${index + 1}. ${step.title}: ${step.state}, ${duration(step.ms)}${step.message === undefined ? '' : `\n   ${indented(step.message)}`}`,
    ),
    '',
  ].join('\n');
}

function verdictMarkdown({ verified, verdict }: RunReport): string[] {
  const line = `- ${l10n.t('Verified')}: ${verified ? l10n.t('yes') : l10n.t('no')}`;
  return verdict ? [line, `- ${l10n.t('Schema')}: ${verdict.schema.message}`, `- ${l10n.t('Rows')}: ${verdict.rows.message}`] : [line];
}

function stepMarkdown(step: PlanStep, index: number): string[] {
  const notes = [
    `${l10n.t('Release')} ${step.release}`,
    ...(step.transactional ? [] : [l10n.t('outside a transaction')]),
    ...(step.irreversible === undefined ? [] : [l10n.t('cannot be undone: {0}', step.irreversible)]),
  ].join('; ');
  const fence = step.sql?.includes('```') ? '~~~~' : '```';
  return [
    `### ${index + 1}. ${step.title}`,
    '',
    notes,
    ...(step.detail === undefined ? [] : ['', step.detail]),
    ...(step.sql === undefined ? [] : ['', `${fence}sql`, step.sql.trimEnd(), fence]),
    '',
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines, ''];
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n   ');
}
