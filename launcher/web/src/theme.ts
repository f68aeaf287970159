// SPDX-License-Identifier: LGPL-2.1-or-later
import {ref, watchEffect} from 'vue';

export type Theme = 'auto' | 'light' | 'dark';

const STORED = 'gst-steg-theme';

function first(): Theme {
  const stored = localStorage.getItem(STORED);
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}

export const theme = ref<Theme>(first());

watchEffect(() => {
  document.documentElement.dataset.theme = theme.value;
  localStorage.setItem(STORED, theme.value);
});
