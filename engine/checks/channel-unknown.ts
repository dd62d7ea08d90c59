import { suggest } from '../manifest/suggest';
import type { Check } from './check';
import { entryOf, releasePath, replaceInManifest, usableManifest } from './support/manifest-places';

export const check: Check = {
  id: 'channel-unknown',
  hazards: ['M15'],
  group: 'manifest',
  severity: 'error',
  summary: 'A release names a channel that the manifest does not know, so it is not offered there.',
  *project(context) {
    const usable = usableManifest(context);
    if (!usable) return;
    const { document, manifest } = usable;
    const known = manifest.channels.length === 0 ? 'the manifest lists none in `channels`' : `there are ${manifest.channels.join(', ')}`;
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
          message: `Nobody is offered ${version} in ${channel}: there is no such channel, ${known}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
          fixes: near === undefined ? [] : [replaceInManifest(document, range, near)],
        };
      }
    }
  },
};
