import { createHash } from 'node:crypto';

/** The SHA-256 digest of a text or of bytes in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** `sha256:<hex>` of a text as it is. */
export function hashText(text: string): string {
  return `sha256:${sha256(text)}`;
}

/** `sha256:<hex>` of a script: a byte-order mark is dropped and CRLF counts as LF, so that a checkout's settings change no hash. */
export function hashScript(text: string): string {
  return hashText(normaliseScript(text));
}

export function normaliseScript(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}

/** JSON with sorted keys and without undefined members: equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
