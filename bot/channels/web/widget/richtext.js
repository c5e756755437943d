// Plain text with a little structure (lists, table rows, **bold**, links) → DOM. Built node by node; only http and https become links.

import { el } from './elements.js';

const INLINE = /(\*\*[^*\n]+\*\*)|(https?:\/\/[^\s<>"'）】」，。；！？]+)/gu;
const BULLET = /^\s*(?:[-•·*]|(\d{1,2})[.)、])\s+/u;
const ROW = /^\s*\|.*\|\s*$/;
const RULE = /^[\s|:-]+$/;

/**
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function rich(text) {
  const out = document.createDocumentFragment();
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; ) {
    const from = at;
    if (ROW.test(lines[at])) {
      while (at < lines.length && ROW.test(lines[at])) at += 1;
      out.append(table(lines.slice(from, at)));
    } else if (BULLET.test(lines[at])) {
      while (at < lines.length && BULLET.test(lines[at])) at += 1;
      out.append(list(lines.slice(from, at)));
    } else {
      at += 1;
      if (lines[from].trim()) out.append(el('p', {}, ...inline(lines[from].trim())));
    }
  }
  return out;
}

/** @param {string[]} lines */
function list(lines) {
  const ordered = lines.every((line) => /^\s*\d/.test(line));
  return el(ordered ? 'ol' : 'ul', {}, ...lines.map((line) => el('li', {}, ...inline(line.replace(BULLET, '')))));
}

/** @param {string[]} lines */
function table(lines) {
  const rows = lines.filter((line) => !RULE.test(line)).map((line) => line.trim().slice(1, -1).split('|').map((cell) => cell.trim()));
  const [head, ...rest] = rows;
  if (!head) return el('p');
  // Wide tables scroll inside their own box, which the keyboard can reach.
  return el('div', { class: 'table', tabindex: 0, role: 'group' }, el('table', {},
    el('thead', {}, el('tr', {}, ...head.map((cell) => el('th', { scope: 'col' }, ...inline(cell))))),
    el('tbody', {}, ...rest.map((row) => el('tr', {}, ...row.map((cell, column) => el(column ? 'td' : 'th', column ? {} : { scope: 'row' }, ...inline(cell))))))));
}

/**
 * @param {string} text
 * @returns {(Node | string)[]}
 */
function inline(text) {
  /** @type {(Node | string)[]} */
  const out = [];
  let last = 0;
  for (const found of text.matchAll(INLINE)) {
    out.push(text.slice(last, found.index));
    last = found.index + found[0].length;
    if (found[1]) {
      out.push(el('strong', {}, found[1].slice(2, -2)));
      continue;
    }
    const address = found[2].replace(/[.,;:!?)\]]+$/, '');
    const link = safeLink(address);
    out.push(link ? el('a', { href: link, target: '_blank', rel: 'noopener noreferrer nofollow' }, address) : address);
    out.push(found[2].slice(address.length));
  }
  out.push(text.slice(last));
  return out.filter((part) => part !== '');
}

/**
 * An absolute http(s) address, or "" for anything else. Relative ones belong to the server that the chat comes from.
 * @param {string} address
 */
export function safeLink(address) {
  try {
    const url = new URL(address, `${location.origin}/`);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : '';
  } catch {
    return '';
  }
}
