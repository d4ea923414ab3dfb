export { marbleOf } from './marble-of.js';
