import type { ApiDocument, ApiPlace } from '../api-format';

interface ProtoElement {
  readonly place: ApiPlace;
  readonly deprecated: boolean;
}

/**
 * The element of the older description that a message of buf names first, such as `field "2" with name "b" on message "M"`,
 * `RPC "G" on service "S"` or `message "M"`.
 */
export function elementIn({ sources }: ApiDocument, message: string): ProtoElement | undefined {
  const [, kind = '', name = '', owner] =
    /\b(field|enum value|RPC|message|enum|service) "([^"]+)"(?: with name "[^"]+")?(?: on (?:message|enum|service) "([^"]+)")?/i.exec(
      message,
    ) ?? [];
  if (name === '') return undefined;
  for (const [file, text] of sources) {
    const code = withoutComments(text);
    const block = owner === undefined ? { start: 0, end: code.length } : blockOf(code, '(?:message|enum|service)', owner);
    if (!block) continue;
    const found = /^(message|enum|service)$/i.test(kind) ? definition(code, kind.toLowerCase(), name) : member(code, block, kind, name);
    if (found) return { place: { file, range: found }, deprecated: found.deprecated };
  }
  return undefined;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function definition(code: string, kind: string, name: string): (Span & { deprecated: boolean }) | undefined {
  const block = blockOf(code, kind, name);
  if (!block) return undefined;
  const body = code.slice(block.end, block.close).replace(/\{[^{}]*\}/g, '');
  return { start: block.start, end: block.end, deprecated: /\boption\s+deprecated\s*=\s*true\s*;/.test(body) };
}

function member(code: string, { start, end, ...rest }: Span & { close?: number }, kind: string, name: string) {
  const body = code.slice(start, rest.close ?? end);
  const pattern = /^rpc$/i.test(kind)
    ? new RegExp(`\\brpc\\s+${escaped(name)}\\b[^;{]*(?:\\{[^}]*\\}|;)`)
    : new RegExp(`[\\w.<>, \\t]*\\w\\s*=\\s*${escaped(name)}\\s*(?:\\[[^\\]]*\\])?\\s*;`);
  const found = pattern.exec(body);
  if (!found) return undefined;
  const lead = found[0].length - found[0].trimStart().length;
  const from = start + found.index + lead;
  return { start: from, end: start + found.index + found[0].length, deprecated: /\bdeprecated\s*=\s*true\b/.test(found[0]) };
}

/** From the keyword to the name, and where the body closes. Nested names have dots: the last part is looked for. */
function blockOf(code: string, kind: string, name: string): (Span & { close: number }) | undefined {
  const last = name.split('.').at(-1) ?? name;
  const found = new RegExp(`\\b${kind}\\s+${escaped(last)}\\b\\s*\\{`).exec(code);
  if (!found) return undefined;
  let depth = 0;
  let close = code.length;
  for (let at = found.index; at < code.length; at++) {
    if (code[at] === '{') depth++;
    if (code[at] === '}' && --depth === 0) {
      close = at;
      break;
    }
  }
  return { start: found.index, end: found.index + found[0].replace(/\s*\{$/, '').length, close };
}

/** The same text with comments blanked, so that places stay. */
function withoutComments(text: string): string {
  return text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
