import './activation';
import './findings';
import './upgrade';

export { runInHost as run } from './run-in-host';
