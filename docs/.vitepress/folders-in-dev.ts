import type { Plugin } from 'vitepress';

/** In `npm run docs:dev`, lets an address of a folder of the demo lead to its index.html, as hosts of files do. */
export const foldersInDev: Plugin = {
  name: 'folders in dev',
  configureServer({ middlewares }) {
    middlewares.use((request, _response, next) => {
      request.url = request.url?.replace(/(\/live\/(?:[^?]*\/)?)(?=$|\?)/, '$1index.html');
      next();
    });
  },
};
