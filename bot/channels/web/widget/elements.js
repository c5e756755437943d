// DOM elements, made by calls: text goes in as text, so nothing that a customer, a merchant or a model wrote can become markup.

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * @param {string} tag
 * @param {Record<string, any>} [given] attributes; `on` holds listeners, null and false leave an attribute out
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function el(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name === 'on') for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child || child === '').map((child) => /** @type {Node | string} */ (child)));
  return element;
}

const PATHS = {
  person: 'M12 12.2a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.6-3.6 3.6-5.4 7.5-5.4s6.9 1.8 7.5 5.4',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M12 19.5V5M5.5 11.2L12 4.7l6.5 6.5',
  up: 'M7.5 10.5v9h-3v-9zM7.5 10.5l4-7c1.7 0 2.5 1.2 2.2 2.7l-.7 3.3h5.2a1.8 1.8 0 0 1 1.8 2.2l-1.3 6.2a2 2 0 0 1-2 1.6H7.5',
  down: 'M7.5 13.5v-9h-3v9zM7.5 13.5l4 7c1.7 0 2.5-1.2 2.2-2.7l-.7-3.3h5.2a1.8 1.8 0 0 0 1.8-2.2l-1.3-6.2a2 2 0 0 0-2-1.6H7.5',
  bubble: 'M4.5 5h15A1.5 1.5 0 0 1 21 6.5v9a1.5 1.5 0 0 1-1.5 1.5H12l-5 4v-4H4.5A1.5 1.5 0 0 1 3 15.5v-9A1.5 1.5 0 0 1 4.5 5zM8 11h.01M12 11h.01M16 11h.01',
  picture: 'M5 5h14v14H5zM5 16l4.5-4.5 3.5 3.5 2-2 4 4M15 9h.01',
};

/**
 * A drawn sign; screen readers skip it, so its button needs a label.
 * @param {keyof typeof PATHS} name
 */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
