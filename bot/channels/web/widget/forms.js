// The two small forms of a conversation: where to be reached when nobody came, and how it was when it has ended.

import { el } from './elements.js';
import { t } from './words.js';

/**
 * @param {string} reach what is known already
 * @param {(reach: string) => Promise<boolean>} save
 */
export function reachForm(reach, save) {
  const box = el('div', { class: 'panel' });
  const ask = () => {
    const input = /** @type {HTMLInputElement} */ (el('input', { type: 'text', id: 'reach', maxlength: 200, required: true, autocomplete: 'email', 'aria-describedby': 'reach-hint' }));
    input.value = reach;
    const form = el('form', { class: 'small-form', on: { submit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      const given = input.value.trim();
      if (!given || !(await save(given))) return;
      reach = given;
      done();
    } } }, input, el('button', { class: 'button' }, t('reachSave')));
    box.replaceChildren(el('h2', {}, t('reachTitle')), el('label', { for: 'reach' }, t('reachLabel')), form, el('p', { class: 'hint', id: 'reach-hint' }, t('reachHint')));
  };
  const done = () => box.replaceChildren(el('p', { role: 'status' }, t('reachSaved', { reach })), el('button', { type: 'button', class: 'link', on: { click: ask } }, t('reachChange')));
  if (reach) done();
  else ask();
  return box;
}

/** @param {(score: number) => void} rate */
export function ratingForm(rate) {
  const box = el('div', { class: 'panel' });
  const scores = [1, 2, 3, 4, 5].map((score) => el('button', {
    type: 'button', class: 'score', 'aria-label': t('rateLabel', { score }),
    on: { click: () => { rate(score); box.replaceChildren(el('p', { role: 'status' }, t('thanks'))); } },
  }, String(score)));
  box.append(el('h2', {}, t('rateTitle')), el('div', { class: 'scores', role: 'group', 'aria-label': t('rateTitle') }, ...scores));
  return box;
}
