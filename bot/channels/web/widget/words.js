// The chat's words, prices and times in the language on screen. Only the language that is shown is loaded.

/** @type {Record<string, string>} */
let words = {};
export let language = 'en';

/**
 * @param {string[]} wishes languages, dearest first
 * @returns {'en' | 'zh'}
 */
export function choose(wishes) {
  for (const wish of wishes) {
    const base = (wish || '').toLowerCase().split(/[-_]/)[0];
    if (base === 'zh' || base === 'en') return base;
  }
  return 'en';
}

/** @param {string} code */
export async function speak(code) {
  language = choose([code]);
  words = (await (language === 'zh' ? import('./i18n/zh.js') : import('./i18n/en.js'))).default;
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
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
  return given[language] ?? given.en ?? Object.values(given)[0];
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
