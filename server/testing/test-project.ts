import type { Position, Range } from 'vscode-languageserver';
import { LineIndex } from '#engine/core/text';
import { memoryFiles, type MemoryFiles } from '#engine/host/memory-files';
import type { ManifestDocument } from '#engine/inputs/manifest/document';
import { type Analysis, analyse } from '#engine/checking/analysis/analysis';
import { openProject } from '#engine/checking/project/open-project';
import type { Project } from '#engine/checking/project/project';
import type { Shadow } from '#engine/databases/observation';
import { SettledHistory } from '#engine/inputs/settled/settlement';
import type { ManifestPlace, Place } from '../answer';
import { pathOf } from '../uris';

/** Two releases with a script or two each, a feature, an API and a stop. */
export const example = {
  'upgrade.yaml': `manifest: 1
system: mem8
targets:
  local: { driver: pglite, path: .mem8/local }
releases:
  - version: 1.0.0
    features: { search: stable }
    apis: { rest: api/rest.yaml }
    migrations: [0001_memories]
  - version: 2.0.0
    from: ">=1.0.0"
    features: { search: deprecated }
    migrations:
      - { id: 0002_kind }
stops: [1.0.0]
`,
  'api/rest.yaml': 'openapi: 3.1.0\n',
  'migrations/0001_memories.up.sql': 'CREATE TABLE memories (id bigint PRIMARY KEY, old text);\n',
  'migrations/0001_memories.down.sql': 'DROP TABLE memories;\n',
  'migrations/0002_kind.up.sql': '-- 😀 a kind\r\nALTER TABLE memories ADD kind text;\r\n',
};

/** A project over files in memory below `/project`, for features that need no connection. */
export class TestProject {
  private constructor(
    readonly project: Project,
    readonly files: MemoryFiles,
    private readonly texts: Readonly<Record<string, string>>,
    private readonly shadow: Shadow | undefined,
  ) {}

  /** With a shadow, statements are observed in the embedded database. */
  static async open(texts: Readonly<Record<string, string>> = example, shadow?: Shadow): Promise<TestProject> {
    const files = memoryFiles(Object.fromEntries(Object.entries(texts).map(([path, text]) => [absolute(path), text])));
    const path = absolute('upgrade.yaml' in texts ? 'upgrade.yaml' : 'migrations');
    const outcome = await openProject({ files, paths: [path], history: new SettledHistory(undefined) });
    if (!outcome.ok) throw new Error(outcome.problem.message);
    return new TestProject(outcome.value, files, texts, shadow);
  }

  get manifest(): ManifestDocument {
    const { manifest } = this.project;
    if (!manifest) throw new Error('the project has no manifest');
    return manifest;
  }

  get manifestPlace(): ManifestPlace {
    return { ...this.place('upgrade.yaml'), document: this.manifest };
  }

  place(path: string): Place {
    const entry = { latest: undefined, analysis: () => this.analysis() };
    return { path: absolute(path), project: this.project, entry, files: this.files };
  }

  analysis(): Promise<Analysis> {
    return analyse(this.project, { shadow: this.shadow, rehearse: 'none' });
  }

  /** The offset of the first occurrence of `needle`, or of a place inside it. */
  offset(path: string, needle: string, inside = 0): number {
    const start = this.#text(path).indexOf(needle);
    if (start < 0) throw new Error(`${path} does not hold ${needle}`);
    return start + inside;
  }

  position(path: string, needle: string, inside = 1): Position {
    return new LineIndex(this.#text(path)).positionAt(this.offset(path, needle, inside));
  }

  /** The text of a range of the manifest. */
  marked(range: Range): string {
    return this.textAt({ uri: `file://${this.manifest.path}`, range });
  }

  textAt({ uri, range }: { readonly uri: string; readonly range: Range }): string {
    const text = this.#text(relative(uri));
    const index = new LineIndex(text);
    return text.slice(index.offsetAt(range.start), index.offsetAt(range.end));
  }

  #text(path: string): string {
    const text = this.texts[path];
    if (text === undefined) throw new Error(`there is no ${path}`);
    return text;
  }
}

function absolute(path: string): string {
  return `/project/${path}`;
}

/** The path of a URI, below the project. */
export function relative(uri: string): string {
  return (pathOf(uri) ?? uri).replace(absolute(''), '');
}
