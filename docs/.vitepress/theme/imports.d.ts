// What imports of other files than TypeScript give.

/** For tools that do not read components. vue-tsc does. */
declare module '*.vue' {
  import type { Component } from 'vue';

  const component: Component;
  export default component;
}

/** An image: its address. */
declare module '*.png' {
  const address: string;
  export default address;
}

declare module '*.webp' {
  const address: string;
  export default address;
}
