import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPage } from './page';
import { pages, root } from './pages';

const read = (page: string) => readPage(readFileSync(join(root, page), 'utf8'));
const inProject = (target: string) => !/^[a-z][a-z+.-]*:/i.test(target);

describe('the links of the documentation', () => {
  it.each(pages)('lead somewhere: %s', (page) => {
    const dead = read(page)
      .links.filter(({ target }) => inProject(target) && !leads(page, target))
      .map(({ target, line }) => `line ${line}: ${target}`);
    expect(dead).toEqual([]);
  });

  it('lead from the index to every page', () => {
    const linked = new Set(read('docs/README.md').links.map(({ target }) => join('docs', target.replace(/#.*/, ''))));
    const missing = pages.filter(
      (page) => page.startsWith('docs/') && page !== 'docs/README.md' && !/^docs\/checks\/(?!README)/.test(page),
    );
    expect(missing.filter((page) => !linked.has(page))).toEqual([]);
  });
});

/** Whether a link names a file or a folder of the project, and where it has an anchor, a heading of the page. */
function leads(page: string, target: string): boolean {
  const [path = '', anchor] = decodeURI(target).split('#');
  const named = path === '' ? page : relative(root, join(root, dirname(page), path));
  if (!existsSync(join(root, named))) return false;
  if (anchor === undefined || statSync(join(root, named)).isDirectory()) return anchor === undefined;
  return !named.endsWith('.md') || read(named).anchors.has(anchor);
}
