// Resolves `rxjs` to `rxjs-oldest`, the oldest version of the peer range, in all modules that are loaded after this one: the
// library, the operators and the specs, so that there is only one RxJS. Node runs the hook in its own thread, hence the URL.
import { register } from 'node:module';

const hook = `
export const resolve = (specifier, context, next) =>
  next(specifier.replace(/^rxjs(?=$|\\/)/, 'rxjs-oldest'), context);
`;

register(`data:text/javascript,${encodeURIComponent(hook)}`);
