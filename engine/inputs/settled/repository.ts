import { createHash } from 'node:crypto';
import type { RunGit } from '../../core/host';
import { joined } from '../../core/paths';

/** Files of a commit by absolute path, each with the id of its content. */
type CommitFiles = ReadonlyMap<string, string>;

/** What git says of a repository, each answer asked for once until `forget`. */
export class Repository {
  readonly #answers = new Map<string, Promise<string | undefined>>();
  readonly #trees = new Map<string, Promise<CommitFiles>>();
  readonly #texts = new Map<string, { readonly text: string; readonly ids: readonly string[] }>();

  constructor(private readonly git: RunGit) {}

  /** Something was committed, fetched or checked out. */
  forget(): void {
    this.#answers.clear();
    this.#trees.clear();
  }

  /** What a git command prints, without white space around it; undefined where it fails or prints nothing. */
  async ask(folder: string, ...words: string[]): Promise<string | undefined> {
    const answer = (await this.#ask(folder, words))?.trim();
    return answer === '' ? undefined : answer;
  }

  /** The full id of a commit; undefined where the name means none. */
  commit(folder: string, name: string): Promise<string | undefined> {
    return this.ask(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
  }

  /** The files below a folder at a commit. */
  filesAt(folder: string, commit: string): Promise<CommitFiles> {
    const key = `${commit}\0${folder}`;
    const known = this.#trees.get(key) ?? this.#readTree(folder, commit);
    this.#trees.set(key, known);
    return known;
  }

  /** The text that git keeps under an id. */
  textOf(folder: string, id: string): Promise<string | undefined> {
    return this.#ask(folder, ['cat-file', 'blob', id]);
  }

  /** Whether a file's text is the content of that id; a byte-order mark and the form of line ends make no difference. */
  isContent(path: string, text: string, id: string): boolean {
    let known = this.#texts.get(path);
    if (known?.text !== text) {
      const lines = text.replaceAll('\r\n', '\n');
      const forms = [...new Set([text, lines])].flatMap((form) => [form, `\uFEFF${form}`]);
      const algorithms = id.length === 64 ? ['sha256'] : ['sha1'];
      known = { text, ids: algorithms.flatMap((algorithm) => forms.map((form) => blobId(form, algorithm))) };
      this.#texts.set(path, known);
    }
    return known.ids.includes(id);
  }

  async #readTree(folder: string, commit: string): Promise<CommitFiles> {
    // Names come relative to the folder that git runs in.
    const output = await this.#ask(folder, ['ls-tree', '-r', '-z', commit]);
    const files = new Map<string, string>();
    for (const entry of (output ?? '').split('\0')) {
      const [, id, name] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
      if (id !== undefined && name !== undefined) files.set(joined(folder, name), id);
    }
    return files;
  }

  #ask(folder: string, words: readonly string[]): Promise<string | undefined> {
    const key = [folder, ...words].join('\0');
    const known = this.#answers.get(key) ?? this.git(folder, words);
    this.#answers.set(key, known);
    return known;
  }
}

/** The id that git gives to the content of a file. */
function blobId(text: string, algorithm: string): string {
  const content = Buffer.from(text, 'utf8');
  return createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest('hex');
}
