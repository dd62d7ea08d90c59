import GithubSlugger from 'github-slugger';
import MarkdownIt from 'markdown-it';

/** A fenced block of a page. */
export interface Block {
  /** The line of the opening fence, counted from 1. */
  readonly line: number;
  readonly language: string;
  /** What the words after the language say: `exit=1` is `exit` to `1`, a word alone is `true`. */
  readonly options: Readonly<Record<string, string | true>>;
  /** The text between the fences, with its last line break. */
  readonly text: string;
  /** The reason in a comment `<!-- not run: ... -->` in front of the block. */
  readonly notRun: string | undefined;
  /** The commands in a comment `<!-- prepare: ... -->` in front of the block. */
  readonly prepare: string | undefined;
  /** The text of the page between the block before and this one. */
  readonly introduction: string;
}

export interface Page {
  readonly blocks: readonly Block[];
  /** The targets of all links and pictures, with the lines of their paragraphs. */
  readonly links: readonly { readonly target: string; readonly line: number }[];
  /** What a link may name after `#`. */
  readonly anchors: ReadonlySet<string>;
}

type Token = ReturnType<MarkdownIt['parse']>[number];

const markdown = new MarkdownIt({ html: true });

/** Reads a page of the documentation. */
export function readPage(text: string): Page {
  const lines = text.split('\n');
  const slugger = new GithubSlugger();
  const anchors = new Set([...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id));
  const blocks: Block[] = [];
  const links: { target: string; line: number }[] = [];
  let end = 0;
  const tokens = markdown.parse(text, {});
  for (const [index, token] of tokens.entries()) {
    const [start, after] = token.map ?? [0, 0];
    if (token.type === 'heading_open') anchors.add(slugger.slug(plainText(tokens[index + 1])));
    for (const inner of token.children ?? []) {
      const target = inner.attrGet('href') ?? inner.attrGet('src');
      if (target !== null) links.push({ target, line: start + 1 });
    }
    if (token.type !== 'fence') continue;
    const [language = '', ...words] = token.info.trim().split(/\s+/);
    const introduction = lines.slice(end, start).join('\n');
    blocks.push({
      line: start + 1,
      language,
      options: Object.fromEntries(words.map(optionOf)),
      text: token.content,
      notRun: comment(introduction, 'not run')?.replace(/\s+/g, ' '),
      prepare: comment(introduction, 'prepare'),
      introduction,
    });
    end = after;
  }
  return { blocks, links, anchors };
}

/** The text of a page in which blocks have another content. */
export function withContents(text: string, contents: ReadonlyMap<Block, string>): string {
  const lines = text.split('\n');
  const fromBelow = [...contents].sort(([a], [b]) => b.line - a.line);
  for (const [block, content] of fromBelow) lines.splice(block.line, linesOf(block.text).length, ...linesOf(content));
  return lines.join('\n');
}

export function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function comment(introduction: string, kind: string): string | undefined {
  return new RegExp(`<!-- ${kind}:\\s+((?:(?!-->)[^])+?)\\s*-->`).exec(introduction)?.[1];
}

function optionOf(word: string): [string, string | true] {
  const at = word.indexOf('=');
  return at < 0 ? [word, true] : [word.slice(0, at), word.slice(at + 1)];
}

function plainText(token: Token | undefined): string {
  return (token?.children ?? []).map(({ type, content }) => (type === 'text' || type === 'code_inline' ? content : '')).join('');
}
