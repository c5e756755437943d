// One message → DOM: who says it, the text, the product cards, where facts come from, thumbs, quick replies.

import { el, icon } from './elements.js';
import { rich, safeLink } from './richtext.js';
import { clock, has, price, t } from './words.js';

/** @typedef {import('./state.js').Message} Message */
/** @typedef {import('./state.js').Product} Product */
/** @typedef {import('./state.js').Source} Source */
/** @typedef {import('./state.js').Pending} Pending */
/** @typedef {{vote: (id: string, value: number, comment?: string) => void, ask: (text: string) => void, follow: (event: Event) => void,
 *   host: string}} Acts */

const SHOWN_SOURCES = 3;

/**
 * @param {Message} message
 * @param {Record<string, number>} votes
 * @param {Acts} acts
 */
export function messageElement(message, votes, acts) {
  const { author, answer } = message;
  if (author === 'customer') return mine(message.text, message.client_id, clock(message.at));
  const body = el('div', { class: 'text' }, rich(message.text));
  if (author === 'system') return el('article', { class: 'message system', 'data-id': message.id, 'aria-label': t('title') }, body);
  const machine = author === 'assistant';
  const name = machine ? t('assistant') : message.agent || t('team');
  // What an answer says is announced; its buttons are put in later, into a part that is not read out by itself.
  const tools = el('div', { class: 'tools', 'aria-live': 'off' });
  const article = el('article', { class: `message ${author}`, 'data-id': message.id, 'aria-label': machine ? `${name} (${t('ai')})` : name },
    el('p', { class: 'who' }, name, machine && el('span', { class: 'ai', title: t('aiLong') }, t('ai')), el('time', { datetime: message.at }, clock(message.at))),
    body, answer?.products?.length ? cards(answer.products, acts) : null, tools);
  if (answer) requestAnimationFrame(() => tools.append(...[sources(answer.sources || []), thumbs(message.id, votes, acts)].filter(Boolean)));
  return article;
}

/**
 * @param {string} text
 * @param {string | undefined} id
 * @param {string} time
 */
function mine(text, id, time) {
  return el('article', { class: 'message customer', 'data-client': id, 'aria-label': t('you') },
    el('div', { class: 'text' }, el('p', {}, text)), el('p', { class: 'fate' }, time));
}

/**
 * A message on its way.
 * @param {Pending} waiting
 * @param {{retry: (id: string) => void, discard: (id: string) => void, online: boolean}} acts
 */
export function pendingElement(waiting, acts) {
  const article = mine(waiting.text, waiting.client_id, '');
  const fate = /** @type {HTMLElement} */ (article.querySelector('.fate'));
  article.classList.add(waiting.state);
  if (waiting.state === 'failed') {
    fate.append(el('span', { class: 'bad' }, t('failed')), waiting.reason ? el('span', {}, waiting.reason) : '',
      el('button', { type: 'button', class: 'link', on: { click: () => acts.retry(waiting.client_id) } }, t('retry')),
      el('button', { type: 'button', class: 'link', on: { click: () => acts.discard(waiting.client_id) } }, t('discard')));
  } else fate.append(waiting.state === 'sent' ? t('sent') : waiting.reason || t(acts.online ? 'sending' : 'waitingToSend'));
  return article;
}

/** @param {Product[]} products @param {Acts} acts */
function cards(products, acts) {
  return el('ul', { class: `cards${products.length > 1 ? ' many' : ''}`, 'aria-label': t('products') }, ...products.map((product) => el('li', {}, card(product, acts))));
}

/** @param {Product} product @param {Acts} acts */
function card(product, acts) {
  const link = product.url ? safeLink(product.url) : '';
  const image = product.image ? safeLink(product.image) : '';
  const picture = el('span', { class: 'picture' }, image ? el('img', { src: image, alt: '', loading: 'lazy', decoding: 'async' }) : icon('picture'));
  picture.querySelector('img')?.addEventListener('error', (event) => /** @type {Element} */ (event.target).replaceWith(icon('picture')));
  const money = product.currency || '';
  const cost = product.price ? price(product.price, money) : '';
  const listed = product.list_price ? price(product.list_price, money) : '';
  const state = product.availability === 'low' && product.stock ? t('lowCount', { count: product.stock }) : t(has(product.availability) ? product.availability : 'unknown');
  const inside = [
    picture,
    el('span', { class: 'facts' },
      el('span', { class: 'name' }, product.title),
      product.variant && el('span', { class: 'variant' }, product.variant),
      el('span', { class: 'cost' }, el('strong', {}, cost ? (product.price_up_to ? t('from', { price: cost }) : cost) : t('onRequest')),
        listed && el('s', { 'aria-label': t('instead', { price: listed }) }, listed)),
      el('span', { class: `stock ${product.availability}` }, state),
      product.as_of && el('span', { class: 'asof' }, t('asOf', { time: clock(product.as_of) }))),
  ];
  if (!link) return el('div', { class: 'card' }, ...inside);
  // On the shop's own page the product opens in place, and the chat is there again; elsewhere in a new tab.
  const target = new URL(link).origin === acts.host ? '_top' : '_blank';
  return el('a', { class: 'card', href: link, target, rel: 'noopener', on: { click: acts.follow } }, ...inside);
}

/** @param {Source} source */
function sourceLabel({ kind, field }) {
  const name = t(has(`kind_${kind}`) ? `kind_${kind}` : 'sources');
  // "option:Colour" is the merchant's Colour; "price" is our own word, and has one for people; other words of ours say nothing to them.
  const own = field.includes(':') ? field.slice(field.indexOf(':') + 1) : has(`field_${field}`) ? t(`field_${field}`) : /^[a-z_]*$/.test(field) ? '' : field;
  return kind === 'product' && own ? `${name} · ${own}` : name;
}

/** @param {Source[]} given */
function sources(given) {
  // One chip for what reads alike: the same field of two variants, or two entries of the FAQ.
  /** @type {Map<string, Source[]>} */
  const groups = new Map();
  for (const source of [...given].sort((x, y) => Number(x.field === 'title') - Number(y.field === 'title'))) {
    const label = sourceLabel(source);
    const same = groups.get(label) || [];
    if (!same.some((other) => other.quote === source.quote && other.id === source.id)) groups.set(label, [...same, source]);
  }
  if (!groups.size) return null;
  const quote = el('blockquote', { class: 'quote', hidden: true });
  /** @type {HTMLElement | null} */
  let shown = null;
  const chips = [...groups].map(([label, group]) => {
    const chip = el('button', { type: 'button', class: 'chip', 'aria-expanded': 'false', on: { click: () => toggle(chip, group) } }, label);
    return chip;
  });
  const toggle = (/** @type {HTMLElement} */ chip, /** @type {Source[]} */ group) => {
    shown?.setAttribute('aria-expanded', 'false');
    shown = shown === chip ? null : chip;
    quote.hidden = !shown;
    if (!shown) return;
    shown.setAttribute('aria-expanded', 'true');
    quote.replaceChildren(...group.flatMap((source) => [el('p', {}, source.quote), el('footer', {}, source.id)]));
  };
  const row = el('div', { class: 'chips', role: 'group', 'aria-label': t('sources') }, ...chips.slice(0, SHOWN_SOURCES));
  if (chips.length > SHOWN_SOURCES) {
    const rest = chips.slice(SHOWN_SOURCES);
    row.append(el('button', { type: 'button', class: 'chip quiet', on: { click: (event) => { event.currentTarget.replaceWith(...rest); rest[0].focus(); } } }, t('more', { count: rest.length })));
  }
  return el('div', { class: 'sources' }, row, quote);
}

/** @param {string} id @param {Record<string, number>} votes @param {Acts} acts */
function thumbs(id, votes, acts) {
  const said = el('span', { class: 'said', role: 'status' });
  const place = el('div', { class: 'why' });
  const pressed = () => [up, down].forEach((button, at) => button.setAttribute('aria-pressed', String(votes[id] === (at ? -1 : 1))));
  const thumb = (/** @type {'up'|'down'} */ name, /** @type {number} */ value, /** @type {string} */ label) => el('button', {
    type: 'button', class: 'thumb', 'aria-label': label, title: label,
    on: { click: () => { acts.vote(id, value); pressed(); said.textContent = t('thanks'); place.replaceChildren(...(value < 0 ? [why()] : [])); } },
  }, icon(name));
  const why = () => {
    const input = /** @type {HTMLInputElement} */ (el('input', { type: 'text', maxlength: 500, 'aria-label': t('whatWrong'), placeholder: t('whatWrong') }));
    return el('form', { class: 'small-form', on: { submit: (/** @type {Event} */ event) => {
      event.preventDefault();
      acts.vote(id, -1, input.value);
      place.replaceChildren();
    } } }, input, el('button', { class: 'button' }, t('send')));
  };
  const up = thumb('up', 1, t('helpful'));
  const down = thumb('down', -1, t('notHelpful'));
  pressed();
  return el('div', { class: 'thumbs' }, el('div', { class: 'pair' }, up, down, said), place);
}

/** What narrows the search, each to be taken back with a press. @param {{text: string, lift: string}[]} conditions @param {Acts} acts */
export function conditionChips(conditions, acts) {
  return el('div', { class: 'quick conditions', role: 'group', 'aria-label': t('conditions') },
    ...conditions.map(({ text, lift }) => el('button', { type: 'button', class: 'condition', 'aria-label': t('lift', { condition: text }), title: t('lift', { condition: text }), on: { click: () => acts.ask(lift) } }, text, el('span', { 'aria-hidden': 'true', class: 'cross' }, '×'))));
}

/** @param {string[]} replies @param {Acts} acts */
export function quickReplies(replies, acts) {
  return el('div', { class: 'quick', role: 'group', 'aria-label': t('suggestions') },
    ...replies.map((reply) => el('button', { type: 'button', class: 'reply', on: { click: () => acts.ask(reply) } }, reply)));
}
