// Lets `rxjs` mean `rxjs-oldest`, the oldest version of the peer range, in all that is loaded after it: the library, the
// operators and the specs alike, so that there is one RxJS and not two. The hook lives in a thread of its own, hence the URL.
import { register } from 'node:module';

const hook = `
export const resolve = (specifier, context, next) =>
  next(specifier.replace(/^rxjs(?=$|\\/)/, 'rxjs-oldest'), context);
`;

register(`data:text/javascript,${encodeURIComponent(hook)}`);
