import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asCompared, asShown, excerpt } from './output';
import { type Block, readPage, withContents } from './page';
import { problemsOf } from './parse-block';
import { openTerminal, type Ran, type ReaderTerminal } from './terminal';

/** What became of a page that was followed from its first line to its last. */
export interface PageRun {
  /** The page with the output that its commands have today. */
  readonly renewed: string;
  /** What is wrong, each with its line. */
  readonly failures: readonly string[];
  readonly run: number;
  readonly written: number;
  readonly notRun: readonly { readonly line: number; readonly reason: string }[];
}

export interface PageOptions {
  /** The address of the database on a running server that stands for the one of this name. */
  readonly database: (name: string) => Promise<string>;
  /** Reasons for blocks of a page that has no comments, by the beginning of their text. */
  readonly notRun?: Readonly<Record<string, string>>;
}

const shells = new Set(['sh', 'shell', 'bash', 'console']);
const commands = /^(?:mem8-upgrade|npm|npx|node|git|docker|code|createdb|psql|cd|mkdir|export)\b/;
const localAddress = /postgres(?:ql)?:\/\/(?:[^\s'"@]*@)?localhost(?::\d+)?\/(\w+)/g;

/**
 * Follows a page in an empty folder. In the page's order, blocks with `title=FILE` are written (`append`: added to the file), commands are
 * run (`exit=N`: fail with this code; `says=WORD,WORD`: with these words in their output), and a block with `output` is compared with what the commands before it wrote (`first=N`, `last=N`:
 * with these lines of it). JSON, YAML, TOML and SQL are parsed. Addresses of databases on localhost stand for a running server.
 */
export async function runPage(text: string, options: PageOptions): Promise<PageRun> {
  const failures: string[] = [];
  const notRun: { line: number; reason: string }[] = [];
  const contents = new Map<Block, string>();
  const places = new Map<string, string>();
  let [run, written] = [0, 0];
  let opened: ReaderTerminal | undefined;
  let last: Ran | undefined;
  const unused = new Set(Object.keys(options.notRun ?? {}));
  const terminal = async () => (opened ??= await openTerminal());

  async function execute(block: Block): Promise<void> {
    const expected = numberOf(block.options.exit) ?? 0;
    if (expected !== 0 && block.text.trim().includes('\n')) failures.push(`line ${block.line}: a block with exit= holds one command`);
    last = await (await terminal()).run(await onRunningServer(block.text, options, places));
    run++;
    const { output } = last;
    const unsaid = String(block.options.says ?? '')
      .split(',')
      .filter((word) => !output.includes(word));
    if (unsaid.length > 0) failures.push(`line ${block.line}: the output does not have ${unsaid.join(', ')}\n${output}`);
    if (last.code !== expected) failures.push(`line ${block.line}: exit code ${last.code}, not ${expected}\n${block.text}${last.output}`);
  }

  function compare(block: Block): void {
    if (last === undefined) return void failures.push(`line ${block.line}: there are no commands whose output this could be`);
    const shown = [...places].reduce((output, [real, inPage]) => output.replaceAll(real, inPage), asShown(last.output));
    const now = excerpt(shown, numberOf(block.options.first), numberOf(block.options.last));
    if (asCompared(now) !== asCompared(block.text)) contents.set(block, now);
  }

  async function write(block: Block, title: string): Promise<void> {
    if (!block.introduction.includes(`\`${title}\``)) failures.push(`line ${block.line}: the text above does not name the file ${title}`);
    const path = join(await (await terminal()).folder(), title);
    await mkdir(dirname(path), { recursive: true });
    await (block.options.append ? appendFile(path, block.text) : writeFile(path, block.text));
    written++;
  }

  try {
    for (const block of readPage(text).blocks) {
      const start = Object.keys(options.notRun ?? {}).find((each) => block.text.startsWith(each)) ?? '';
      const reason = block.notRun ?? options.notRun?.[start];
      unused.delete(start);
      if (block.prepare !== undefined) await execute({ ...block, text: block.prepare, options: {} });
      if (reason !== undefined) notRun.push({ line: block.line, reason });
      else if (isCommands(block)) await execute(block);
      else if (block.options.output) compare(block);
      else failures.push(...(await problemsOf(block)).map((problem) => `line ${block.line}: ${problem}`));
      if (typeof block.options.title === 'string') await write(block, block.options.title);
    }
    failures.push(...[...unused].map((start) => `no block begins with ${start}: remove its reason`));
    return { renewed: withContents(text, contents), failures, run, written, notRun };
  } finally {
    await opened?.close();
  }
}

function isCommands({ language, text }: Block): boolean {
  return shells.has(language) || (language === '' && commands.test(text));
}

function numberOf(option: string | true | undefined): number | undefined {
  return typeof option === 'string' ? Number(option) : undefined;
}

/** Commands in which the addresses of databases on localhost are those of databases on the running server. */
async function onRunningServer(text: string, { database }: PageOptions, places: Map<string, string>): Promise<string> {
  let result = text;
  for (const [address, name = ''] of text.matchAll(localAddress)) {
    const running = await database(name);
    places.set(placeOf(running), placeOf(address));
    result = result.replaceAll(address, running);
  }
  return result;
}

/** The host, port and name in the address of a database. */
function placeOf(address: string): string {
  const { host, pathname } = new URL(address);
  return host + pathname;
}
