export { marbleOf } from './marble-of.js';
export { verifyIdle } from './verify-idle.js';
