import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';

import Chooser from './Chooser.vue';
import Demo from './Demo.vue';
import Layout from './Layout.vue';
import './style.css';

export default {
  extends: DefaultTheme,
  Layout,
  enhanceApp({ app }) {
    // Components that pages use by their names.
    app.component('Chooser', Chooser);
    app.component('Demo', Demo);
  },
} satisfies Theme;
