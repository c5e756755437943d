// The chat's words, prices and times in the language on screen. Only the language that is shown is loaded.

/** @type {Record<string, string>} */
let words = {};
export let language = 'en';

/**
 * @param {string[]} wishes languages, dearest first
 * @returns {'en' | 'zh' | 'zh-Hant'}
 */
export function choose(wishes) {
  for (const wish of wishes) {
    const [base, ...rest] = (wish || '').toLowerCase().split(/[-_]/);
    if (base === 'en') return 'en';
    const traditional = !rest.includes('hans') && ['hant', 'tw', 'hk', 'mo'].some((part) => rest.includes(part));
    if (base === 'yue' || (base === 'zh' && traditional)) return 'zh-Hant';
    if (base === 'zh') return 'zh';
  }
  return 'en';
}

/** Which Chinese this visitor reads, for the way back from English. @param {string[]} wishes */
export const chinese = (wishes) => choose([...wishes.filter((wish) => /^(zh|yue)/i.test(wish || '')), 'zh']);

const TAGS = { en: 'en', zh: 'zh-CN', 'zh-Hant': 'zh-Hant' };
const FILES = { en: () => import('./i18n/en.js'), zh: () => import('./i18n/zh.js'), 'zh-Hant': () => import('./i18n/zh-Hant.js') };

/** @param {string} code */
export async function speak(code) {
  const chosen = choose([code]);
  language = chosen;
  words = (await FILES[chosen]()).default;
  document.documentElement.lang = TAGS[chosen];
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {string} key */
export const has = (key) => key in words;

/**
 * Text by language → the one on screen, else any.
 * @template T
 * @param {Record<string, T> | undefined} given
 * @returns {T | undefined}
 */
export function local(given) {
  if (!given) return undefined;
  return given[language] ?? given[language.split('-')[0]] ?? given.en ?? Object.values(given)[0];
}

/**
 * The server's decimal text stays exact: only its sign and grouping are added.
 * @param {string} amount
 * @param {string} currency
 */
export function price(amount, currency) {
  const places = (amount.split('.')[1] || '').length;
  try {
    return new Intl.NumberFormat(document.documentElement.lang, {
      style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: places, maximumFractionDigits: places,
    }).format(/** @type {any} */ (amount));
  } catch {
    return `${amount} ${currency}`;
  }
}

/** @param {string | null} iso */
export function clock(iso) {
  if (!iso) return '';
  const moment = new Date(iso);
  const today = moment.toDateString() === new Date().toDateString();
  /** @type {Intl.DateTimeFormatOptions} */
  const form = today ? { hour: '2-digit', minute: '2-digit' } : { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' };
  return new Intl.DateTimeFormat(document.documentElement.lang, { ...form, hourCycle: 'h23' }).format(moment);
}
