import { listed } from '../../../core/wording';
import { suggest } from '../../../inputs/manifest/suggest';
import type { Check } from '../check';
import { entryOf, releasePath, replaceInManifest, usableManifest } from '../support/manifest-places';

export const check: Check = {
  id: 'channel-unknown',
  hazards: ['M15'],
  severity: 'error',
  summary: 'Names a channel that the manifest does not list, so the release is not offered there.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const details = manifest.channels.length === 0 ? 'The manifest lists no channels.' : `The manifest lists ${listed(manifest.channels)}.`;
    for (const [index, { version, channels = [] }] of manifest.releases.entries()) {
      const list = releasePath(document, index, 'channels');
      let place = 0;
      for (const channel of channels) {
        place = entryOf(document, list, place, 'channel', channel);
        const range = document.rangeOf([...list, place++]);
        if (manifest.channels.includes(channel)) continue;
        const near = suggest(channel, manifest.channels);
        yield {
          range,
          message: `${version} is not offered in ${channel}: the manifest does not list this channel`,
          details,
          advice: near === undefined ? `Correct the name, or add ${channel} to \`channels\` of the manifest.` : `Did you mean ${near}?`,
          fixes: near === undefined ? [] : [replaceInManifest(document, range, near)],
        };
      }
    }
  },
};
