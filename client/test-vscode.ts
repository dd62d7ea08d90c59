/** The part of the VS Code API that modules under unit test use; everything else is tested inside the editor. */
export const vscodeForTests = {
  l10n: {
    t: (message: string, ...values: (string | number)[]): string =>
      message.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
  },
  window: {},
  workspace: { asRelativePath: (uri: unknown): string => String(uri) },
  Uri: class {
    static parse = (text: string) => text;
  },
  TreeItem: class {
    constructor(
      readonly label: string,
      readonly collapsibleState: number,
    ) {}
  },
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  ThemeIcon: class {
    constructor(
      readonly id: string,
      readonly color?: { readonly id: string },
    ) {}
  },
  ThemeColor: class {
    constructor(readonly id: string) {}
  },
  EventEmitter: class {
    readonly #listeners: ((value: unknown) => void)[] = [];
    readonly event = (listener: (value: unknown) => void): void => void this.#listeners.push(listener);
    fire(value: unknown): void {
      for (const listener of this.#listeners) listener(value);
    }
    dispose(): void {}
  },
};
