// Keeps the desk fresh. The pages work without it; it reads the same pages again when the server says that something changed, and puts
// what differs in place, so that there is one way of drawing anything.
import { onForms } from './forms.js';
import { beep, remembered } from './sound.js';

const desk = /** @type {HTMLElement} */ (document.getElementById('desk'));
const toast = /** @type {HTMLElement} */ (document.getElementById('toast'));
const words = desk.dataset;
let waiting = new Set((words.waiting ?? '').split(' ').filter(Boolean));

// ── fresh ──

/** @param {string} text */
function say(text) {
  toast.textContent = text;
  toast.classList.toggle('shown', text !== '');
}

/** Times in the reader's own zone. @param {ParentNode} root */
function localTimes(root) {
  for (const time of root.querySelectorAll('.message time')) {
    const at = new Date(time.getAttribute('datetime') ?? '');
    const today = new Date().toDateString() === at.toDateString();
    /** @type {Intl.DateTimeFormatOptions} */
    const form = today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' };
    if (!Number.isNaN(at.getTime())) time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, form).format(at);
  }
}

/** @param {Document} page */
export function show(page) {
  const focused = document.activeElement?.id ?? '';
  for (const old of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(old.id);
    // What is being written stays as long as the same person holds the conversation.
    if (!fresh || (old.id === 'composer' && fresh.dataset.state === /** @type {HTMLElement} */ (old).dataset.state && !sent(old))) continue;
    if (fresh.innerHTML === old.innerHTML) continue;
    for (const details of fresh.querySelectorAll('details')) {
      const before = details.id && document.getElementById(details.id);
      if (before) details.toggleAttribute('open', before.hasAttribute('open'));
    }
    const copy = /** @type {HTMLElement} */ (document.importNode(fresh, true));
    if (old.id === 'composer') carryDraft(old, copy);
    old.replaceWith(copy);
  }
  appendMessages(page);
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  document.title = page.title;
  const now = new Set((page.getElementById('desk')?.dataset.waiting ?? '').split(' ').filter(Boolean));
  if ([...now].some((id) => !waiting.has(id))) {
    say(words.newWaiting ?? '');
    beep();
  } else if (now.size === 0 && toast.textContent === words.newWaiting) say('');
  waiting = now;
}

/** @param {Element} composer */
function sent(composer) {
  return composer.querySelector('form')?.dataset.sent === 'yes';
}

/** @param {Element} old @param {Element} fresh */
function carryDraft(old, fresh) {
  const text = old.querySelector('textarea');
  const next = fresh.querySelector('textarea');
  if (text && next && !sent(old) && !next.value) next.value = text.value;
  const note = old.querySelector('input[value="note"]');
  const again = fresh.querySelector('input[type="radio"][value="note"]');
  if (note instanceof HTMLInputElement && note.type === 'radio' && note.checked && again instanceof HTMLInputElement) again.checked = true;
}

/** @param {Document} page */
function appendMessages(page) {
  const log = document.getElementById('log');
  const scroller = document.getElementById('scroller');
  if (!log || !scroller) return;
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120;
  const seen = lastSeq();
  let added = false;
  for (const message of page.querySelectorAll('#log > .message')) {
    if (Number(/** @type {HTMLElement} */ (message).dataset.seq) > seen) {
      const copy = document.importNode(message, true);
      localTimes({ querySelectorAll: (/** @type {string} */ what) => copy.querySelectorAll(what.replace('.message ', '')) });
      log.append(copy);
      added = true;
    }
  }
  if (added && atEnd) scroller.scrollTop = scroller.scrollHeight;
}

function lastSeq() {
  const last = document.querySelector('#log > .message:last-child');
  return last instanceof HTMLElement ? Number(last.dataset.seq) : 0;
}

let reading = false;
let again = false;

export async function refresh() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  try {
    do {
      again = false;
      const url = new URL(location.href);
      url.hash = '';
      url.searchParams.set('after', String(lastSeq()));
      const response = await fetch(url, { headers: { Accept: 'text/html' } });
      if (response.redirected && new URL(response.url).pathname.endsWith('/sign-in')) {
        say(words.signedOut ?? '');
        return;
      }
      if (response.ok) show(new DOMParser().parseFromString(await response.text(), 'text/html'));
    } while (again);
  } catch {
    // The stream says when the connection is back; until then nothing is to be read.
  } finally {
    reading = false;
  }
}

// ── live ──

const stream = new EventSource(`/desk/events?shop=${encodeURIComponent(words.shop ?? '')}`);
let lost = false;
stream.addEventListener('here', () => {
  if (lost) say('');
  lost = false;
  refresh();
});
stream.addEventListener('changed', refresh);
stream.addEventListener('signed_out', () => {
  stream.close();
  say(words.signedOut ?? '');
});
stream.addEventListener('error', () => {
  lost = true;
  window.setTimeout(() => lost && say(words.lost ?? ''), 4000);
});
// "waits 3 min" grows by itself; and news that got lost is made up for.
window.setInterval(refresh, 30_000);

// ── at hand ──

onForms(show, say);
localTimes(document);
const scroller = document.getElementById('scroller');
if (scroller) scroller.scrollTop = scroller.scrollHeight;
document.getElementById('shop')?.addEventListener('change', (event) => {
  /** @type {HTMLSelectElement} */ (event.target).form?.submit();
});

const help = /** @type {HTMLDialogElement} */ (document.getElementById('help'));
document.getElementById('toggles')?.removeAttribute('hidden');
document.getElementById('keys')?.addEventListener('click', () => help.showModal());
const keysOn = /** @type {HTMLInputElement} */ (document.getElementById('keys-on'));
keysOn.checked = remembered('keys') !== 'off';
keysOn.addEventListener('change', () => remembered('keys', keysOn.checked ? 'on' : 'off'));

/** @param {number} step */
function walk(step) {
  const entries = [...document.querySelectorAll('#queue details[open] .entry')];
  const at = entries.findIndex((entry) => entry === document.activeElement);
  const from = at >= 0 ? at : entries.findIndex((entry) => entry.hasAttribute('aria-current'));
  /** @type {HTMLElement | undefined} */ (entries[from < 0 ? 0 : Math.max(0, Math.min(entries.length - 1, from + step))])?.focus();
}

/** @param {'reply' | 'note'} kind */
function write(kind) {
  const mode = document.querySelector(`#say input[type="radio"][value="${kind}"]`);
  if (mode instanceof HTMLInputElement && !mode.checked) mode.click();
  document.getElementById('text')?.focus();
}

/** @type {Record<string, () => void>} */
const keys = {
  j: () => walk(1),
  k: () => walk(-1),
  r: () => write('reply'),
  n: () => write('note'),
  t: () => document.getElementById('take')?.click(),
  '?': () => help.showModal(),
};

document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select, dialog *');
  if (typing || !keysOn.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
