export { version as toolVersion } from '../package.json';
