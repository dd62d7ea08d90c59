/** The settings that the server reads, below `mem8Upgrade`. */
export interface Settings {
  readonly check: {
    /** False: nothing is replayed, findings rest on the files alone. */
    readonly shadow: boolean;
    /** Longest wait after a change before checking, milliseconds. */
    readonly debounce: number;
  };
  readonly codeLens: { readonly enabled: boolean };
  readonly inlayHints: { readonly enabled: boolean };
}

const defaultSettings: Settings = {
  check: { shadow: true, debounce: 300 },
  codeLens: { enabled: true },
  inlayHints: { enabled: true },
};

/** Takes what is well-formed from a client's answer and the default for everything else. */
export function settingsFrom(value: unknown): Settings {
  const root = section(value);
  const check = section(root['check']);
  const codeLens = section(root['codeLens']);
  const inlayHints = section(root['inlayHints']);
  return {
    check: {
      shadow: boolean(check['shadow'], defaultSettings.check.shadow),
      debounce: typeof check['debounce'] === 'number' && check['debounce'] >= 0 ? check['debounce'] : defaultSettings.check.debounce,
    },
    codeLens: { enabled: boolean(codeLens['enabled'], defaultSettings.codeLens.enabled) },
    inlayHints: { enabled: boolean(inlayHints['enabled'], defaultSettings.inlayHints.enabled) },
  };
}

function section(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Booleans, and the words `on` and `off`. */
function boolean(value: unknown, otherwise: boolean): boolean {
  if (value === 'on' || value === true) return true;
  if (value === 'off' || value === false) return false;
  return otherwise;
}
