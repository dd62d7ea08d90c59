import { runTests, type Counts } from '../runner';
import { useHost, type UiHost } from '../ui/host';
import './pictures';
import './recording';

const pictureMs = 300_000;

/** Makes the pictures; called by the script that opens VS Code. */
export async function run(host: UiHost): Promise<Counts> {
  useHost(host);
  return runTests({ timeoutMs: pictureMs, filter: host.filter, print: (line) => console.log(line) });
}
