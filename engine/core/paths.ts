/** Paths as the engine writes them: absolute, `/` between the parts, none at the end. */

/** The path without `/` at its end; the roots `/` and `C:/` keep theirs. */
export function trimmedPath(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' || /^[A-Za-z]:$/.test(trimmed) ? `${trimmed}/` : trimmed;
}

/** A path of the operating system in the engine's form. On Windows `\` becomes `/`; elsewhere it is part of a name. */
export function enginePath(path: string, platform: NodeJS.Platform = process.platform): string {
  return trimmedPath(platform === 'win32' ? path.replace(/\\/g, '/') : path);
}

export function joined(folder: string, name: string): string {
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

/** The folder that holds the path; a root is its own. */
export function parentFolder(path: string): string {
  const cut = trimmedPath(path).lastIndexOf('/');
  return cut < 0 ? path : trimmedPath(path.slice(0, cut + 1));
}

export function baseName(path: string): string {
  const trimmed = trimmedPath(path);
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** Orders strings by code point, as tools that sort UTF-8 bytes do; JavaScript's own order is by UTF-16 unit. */
export function compareCodePoints(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length) {
    const left = a.codePointAt(at) ?? 0;
    const right = b.codePointAt(at) ?? 0;
    if (left !== right) return left - right;
    at += left > 0xffff ? 2 : 1;
  }
  return a.length - b.length;
}

/** The path from a folder that it is in; any other path as it is. */
export function pathFrom(folder: string, path: string): string {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** Resolves `relative` (which may be absolute, or hold `.` and `..`) against a folder. */
export function resolvePath(folder: string, relative: string): string {
  const normalized = relative.replace(/\\/g, '/');
  const isAbsolute = normalized.startsWith('/') || /^[A-Za-z]:\//.test(normalized);
  const parts: string[] = [];
  const all = isAbsolute ? normalized : `${folder}/${normalized}`;
  for (const part of all.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  const joined = parts.join('/');
  return /^[A-Za-z]:/.test(joined) ? joined : `/${joined}`;
}
