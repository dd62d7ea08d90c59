import { l10n, StatusBarAlignment, window, type Disposable } from 'vscode';
import { commands as contract, languageIds } from '#protocol';
import type { CommandArgument } from '../commands/argument';
import { usualTarget, type ManifestProject } from '../projects';
import type { RunActivity } from '../runs/activity';
import type { Services } from '../services';
import { statusText } from './status-text';

/** The one status bar item: the target that commands use, its release and how much is pending. */
export class StatusBar implements Disposable {
  readonly #item = window.createStatusBarItem('mem8Upgrade.target', StatusBarAlignment.Left, 10);
  readonly #listeners: readonly Disposable[];
  #activity: RunActivity | undefined;

  constructor(private readonly services: Services) {
    this.#item.name = l10n.t('Mem8 Upgrade: Target');
    const update = (): void => this.update();
    this.#listeners = [
      services.states.onDidChange(update),
      services.projects.onDidLoad(update),
      services.projects.onDidChange(() => void services.projects.list()),
      window.onDidChangeActiveTextEditor(update),
      services.runs.onDidChangeActivity((activity) => {
        this.#activity = activity;
        this.update();
      }),
    ];
  }

  get text(): string {
    return this.#item.text;
  }

  /** Shows what is known; asks nobody. */
  update(): void {
    const project = this.#project();
    const target = project && (this.#activity?.goal.target ?? usualTarget(project)?.name);
    if (!project || target === undefined) {
      this.#item.hide();
      return;
    }
    const state = this.services.states.get(project.manifest.fsPath, target);
    const argument: CommandArgument = { manifest: project.manifest.toString(), target };
    this.#item.text = statusText(project.system ?? 'mem8', target, state, this.#activity);
    this.#item.tooltip = state?.status?.targetDescription ?? state?.problem?.message ?? l10n.t('Read the state of {0}', target);
    this.#item.command = { title: l10n.t('Show Status'), command: contract.showStatus, arguments: [argument] };
    this.#item.show();
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#item.dispose();
  }

  /** The project of the run, of the manifest in the active editor, or the first. */
  #project(): ManifestProject | undefined {
    const { known } = this.services.projects;
    const active = window.activeTextEditor?.document;
    const path = this.#activity?.goal.manifest ?? (active?.languageId === languageIds.manifest ? active.uri.fsPath : undefined);
    return known.find(({ manifest }) => manifest.fsPath === path) ?? known[0];
  }
}
