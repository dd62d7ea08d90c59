import { l10n, window, type ExtensionContext } from 'vscode';
import type { Problem } from '#engine/core/problem';

const namesKey = 'secretNames';

/**
 * Values for environment variables that a manifest refers to and that the environment does not have. They are kept in the
 * editor's secret storage per manifest and handed to run processes only.
 */
export class Secrets {
  constructor(private readonly context: Pick<ExtensionContext, 'secrets' | 'workspaceState'>) {}

  /** Variable to value, for the processes that work on a manifest (absolute path). */
  async environment(manifest: string): Promise<Record<string, string>> {
    const values: Record<string, string> = {};
    for (const name of this.#names(manifest)) {
      const value = await this.context.secrets.get(secretKey(manifest, name));
      if (value !== undefined) values[name] = value;
    }
    return values;
  }

  /** Offers to enter the value that a problem misses. True when there is one now and a second try makes sense. */
  async offerToEnter(manifest: string, problem: Problem): Promise<boolean> {
    const name = missingVariable(problem);
    if (name === undefined) return false;
    const value = await window.showInputBox({
      title: l10n.t('Value of {0}', name),
      prompt: l10n.t('The manifest needs the environment variable {0}. The value is kept in the secret storage of the editor.', name),
      password: true,
      ignoreFocusOut: true,
    });
    if (value === undefined || value === '') return false;
    await this.context.secrets.store(secretKey(manifest, name), value);
    await this.context.workspaceState.update(namesKey, { ...this.#all(), [manifest]: [...new Set([...this.#names(manifest), name])] });
    return true;
  }

  /** Deletes every value that was entered for the manifests of this workspace; returns how many there were. */
  async forget(): Promise<number> {
    let count = 0;
    for (const [manifest, names] of Object.entries(this.#all())) {
      for (const name of names) {
        await this.context.secrets.delete(secretKey(manifest, name));
        count++;
      }
    }
    await this.context.workspaceState.update(namesKey, undefined);
    return count;
  }

  #all(): Readonly<Record<string, readonly string[]>> {
    return this.context.workspaceState.get<Record<string, string[]>>(namesKey) ?? {};
  }

  #names(manifest: string): readonly string[] {
    return this.#all()[manifest] ?? [];
  }
}

/** The name of the variable that an `environment-variable-missing` problem is about. */
export function missingVariable(problem: Problem): string | undefined {
  if (problem.code !== 'environment-variable-missing') return undefined;
  return /environment variable ([A-Za-z_]\w*)/.exec(problem.message)?.[1];
}

function secretKey(manifest: string, name: string): string {
  return `mem8Upgrade.environment:${manifest}:${name}`;
}
