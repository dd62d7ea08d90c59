import { runTests, type Counts } from '../runner';
import { useHost, type UiHost } from './host';
import './findings';
import './upgrade';

const testMs = 180_000;

/** Runs the tests of the user interface; called by the script that opens VS Code. */
export async function run(host: UiHost): Promise<Counts> {
  useHost(host);
  return runTests({ timeoutMs: testMs, filter: host.filter, print: (line) => console.log(line) });
}
