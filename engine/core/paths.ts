/** Absolute paths with `/` separators, as `Files` takes them. */

export function parentFolder(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
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
