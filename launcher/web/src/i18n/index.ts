// SPDX-License-Identifier: LGPL-2.1-or-later
import {ref, watchEffect} from 'vue';
import {en, type Key} from './en';
import {zh} from './zh';

export type Language = 'en' | 'zh';
export type {Key};

const STORED = 'gst-steg-language';
const texts: Record<Language, Record<Key, string>> = {en, zh};
const tags: Record<Language, string> = {en: 'en', zh: 'zh-CN'};

function first(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'zh') return stored;
  const known = navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag));
  return known?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const language = ref<Language>(first());

export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  localStorage.setItem(STORED, chosen);
}

watchEffect(() => (document.documentElement.lang = tags[language.value]));

/** Puts values into the places that a text names in braces. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** The text in the page's language. Components that call it follow a change of language. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return fill(texts[language.value][key], values);
}
