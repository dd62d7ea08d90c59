import { runTests, type Counts } from '../runner';
import { closeShared, useHost, type UiHost } from './host';
import './events';
import './findings';
import './interrupted';
import './layouts';
import './palette';
import './settled';
import './upgrade';

const testMs = 180_000;

/** Runs the tests of the user interface; called by the script that opens VS Code. */
export async function run(host: UiHost): Promise<Counts> {
  useHost(host);
  try {
    return await runTests({ timeoutMs: testMs, filter: host.filter, print: (line) => console.log(line) });
  } finally {
    await closeShared();
  }
}
