import { l10n, window } from 'vscode';
import type { Plan } from '#engine/running/plan';
import type { ConfirmSetting } from '../settings';
import { isDestructive, planQuestion, planSummary } from './plan-text';

type Answer = 'run' | 'show-plan' | 'cancel';

/** Asks a person whether a plan may run. Replaced in tests, where VS Code refuses to show dialogs. */
export interface Confirmation {
  ask(plan: Plan): Promise<Answer>;
}

/** Whether a plan has to be confirmed: by setting, because its target is protected, or because something is lost. */
export function needsConfirmation(plan: Plan, setting: ConfirmSetting): boolean {
  return setting === 'always' || plan.protected || isDestructive(plan);
}

/** A modal dialog whose text is the plan and whose button is the verb. */
export const modalConfirmation: Confirmation = {
  async ask(plan) {
    const verb = plan.direction === 'upgrade' ? l10n.t('Run Upgrade') : l10n.t('Roll Back');
    const show = l10n.t('Show Plan');
    const choice = await window.showWarningMessage(planQuestion(plan), { modal: true, detail: planSummary(plan) }, verb, show);
    if (choice === verb) return 'run';
    return choice === show ? 'show-plan' : 'cancel';
  },
};
