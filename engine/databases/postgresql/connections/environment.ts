import { failure, success, type Outcome } from '../../../core/problem';

const reference = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Replaces each `${env:NAME}` of a manifest value by the variable's value. A variable that is not set, or empty, is a problem.
 * @param key where the value stands in the manifest, e.g. `targets.production.url`
 */
export function expandEnvironment(text: string, key: string, environment: Readonly<Record<string, string | undefined>>): Outcome<string> {
  const missing = [...text.matchAll(reference)].map((match) => match[1] ?? '').filter((name) => !environment[name]);
  const name = missing[0];
  if (name !== undefined) {
    return failure({
      code: 'environment-variable-missing',
      message: `The manifest's ${key} needs the environment variable ${name}, which is not set.`,
      remedy: `Set ${name} in the environment and try again.`,
    });
  }
  return success(text.replace(reference, (_, variable: string) => environment[variable] ?? ''));
}
