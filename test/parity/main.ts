import { compareHosts } from './compare-hosts';

/** `npm run parity -- <folders>`: compares editor and command line over folders. Returns the exit code: 1 when they differ. */
export async function main(folders: readonly string[], dist: string, write: (text: string) => void): Promise<number> {
  let different = 0;
  let compared = 0;
  for (const folder of folders) {
    for (const all of [false, true]) {
      const { findings, differences, problem } = await compareHosts(folder, dist, all);
      compared += findings;
      different += differences.length;
      write(
        `${folder}${all ? ' --all' : ''}: ${findings} findings compared, ${differences.length} differences${problem ? ` (${problem.trim()})` : ''}\n`,
      );
      for (const line of differences.slice(0, 20)) write(`  ${line}\n`);
    }
  }
  write(`${compared} findings compared, ${different} differences\n`);
  return different > 0 ? 1 : 0;
}
