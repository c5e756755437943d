// The chat's beginning: reads the page's configuration, ties state, server and view together, and talks with the shop's page.

import { State } from './state.js';
import { events, Refused, request } from './transport.js';
import { View } from './view.js';
import { chinese, choose, speak, t } from './words.js';

const root = /** @type {HTMLElement} */ (document.getElementById('chat'));
const shop = JSON.parse(/** @type {HTMLMetaElement} */ (document.querySelector('meta[name="zhanggui"]')).content);
const query = new URLSearchParams(location.search);
const host = query.get('host') || location.origin;
const framed = window.parent !== window;
const state = new State(shop.slug);
const wishes = [query.get('locale') || '', ...navigator.languages];
let shown = !framed;
let unread = 0;
/** @type {AbortController | null} */
let listening = null;
let wake = () => {};
let opened = () => {};
const OPEN_MS = 700;

/** @param {object} message only to the page that was named, never to any other */
const tellHost = (message) => framed && window.parent.postMessage({ zhanggui: 1, ...message }, host);
const pause = (/** @type {number} */ ms) => new Promise((done) => { const timer = setTimeout(done, ms); wake = () => { clearTimeout(timer); done(null); }; });

/** The conversation of this visitor, begun when it is first needed. */
async function conversation() {
  if (!state.key) {
    const { id, token } = await request('POST', `/shops/${encodeURIComponent(shop.slug)}/conversations`, { language: document.documentElement.lang, page: '' });
    state.key = { id, token };
    state.keep();
    // What is streamed before the line stands is lost (the whole answer is not), so it gets a moment to stand.
    await Promise.race([new Promise((done) => { opened = () => done(null); listen(true); }), pause(OPEN_MS)]);
  }
  return state.key;
}

/** @param {string} path @param {object} [body] */
async function post(path, body = {}) {
  const key = await conversation();
  return request('POST', `/conversations/${key.id}${path}`, body, key);
}

/** What the server has; nothing is missed between this and the stream, which goes on from `last_event`. */
async function refresh() {
  const { key } = state;
  if (!key) return;
  const now = await request('GET', `/conversations/${key.id}`, null, key);
  if (state.key !== key) return;
  state.lastEvent = Math.max(state.lastEvent, now.last_event);
  take(now);
  heard(state.add(now.messages));
}

/** @param {any} now */
function take(now) {
  state.status = now.status;
  state.agent = now.agent || '';
  state.nobodyCame = now.nobody_came;
  state.reach = now.reach;
  state.tell('status');
}

/** @param {import('./state.js').Message[]} fresh */
function heard(fresh) {
  const others = fresh.filter((message) => message.author === 'assistant' || message.author === 'agent').length;
  if (!others || shown) return;
  unread += others;
  tellHost({ type: 'unread', count: unread });
}

/**
 * Reads the stream for as long as there is a conversation; a broken line is taken up again where it broke.
 * @param {boolean} [fresh] nothing has been said yet: the stream alone tells everything
 */
async function listen(fresh = false) {
  listening?.abort();
  const mine = (listening = new AbortController());
  let tries = 0;
  while (!mine.signal.aborted && state.key) {
    try {
      if (!fresh) await refresh();
      fresh = false;
      for await (const event of events(state.key, state.lastEvent, mine.signal)) {
        if (mine.signal.aborted) return;
        if (event.type === 'open') { tries = 0; opened(); online(true); flush(); continue; }
        if (event.id) state.lastEvent = event.id;
        await hear(event);
      }
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error instanceof Refused && error.lost) return lost();
      if (tries > 0) online(false);
    }
    tries += 1;
    await pause(Math.min(15_000, 400 * 2 ** tries) * (0.7 + 0.6 * Math.random()));
  }
}

/** @param {{type: string, data: any}} event */
async function hear({ type, data }) {
  if (type === 'message') {
    heard(state.add([data]));
    // A notice can mean that somebody came, or that nobody did.
    if (data.author === 'system' || data.author === 'agent') await refresh();
  } else if (type === 'token') state.stream(data.offset, data.text);
  else if (type === 'typing') { state.typing = Boolean(data.on); state.tell('streaming'); }
  else await refresh();
}

/** @param {boolean} now */
function online(now) {
  if (state.online === now) return;
  state.online = now;
  state.tell('online');
}

/** The server knows this conversation no more: what is not yet sent goes into a new one. */
function lost() {
  listening?.abort();
  const { pending, draft } = state;
  state.clear();
  state.pending = pending.map((waiting) => ({ ...waiting, state: 'sending' }));
  state.draft = draft;
  state.tell('reset');
  flush();
}

let sending = false;
/** Sends what waits, in order, until it is there or refused for good. */
async function flush() {
  if (sending) return;
  sending = true;
  let tries = 0;
  for (let next; (next = state.pending.find((waiting) => waiting.state === 'sending')); ) {
    try {
      await post('/messages', { text: next.text, client_id: next.client_id });
      next.state = 'sent';
      delete next.reason;
      tries = 0;
      online(true);
      state.tell('pending');
    } catch (error) {
      if (error instanceof Refused && error.lost && state.key) { sending = false; return lost(); }
      if (error instanceof Refused && !error.passing) {
        next.state = 'failed';
        next.reason = error.message;
        state.tell('pending');
        continue;
      }
      tries += 1;
      let seconds = Math.min(30, 2 ** (tries - 1));
      if (error instanceof Refused && error.status === 429) {
        seconds = Math.max(1, error.retryAfter);
        next.reason = t('tooMany', { seconds });
      } else if (tries > 1) online(false);
      state.tell('pending');
      await pause(seconds * 1000);
    }
  }
  sending = false;
}

/** @param {() => Promise<any>} act */
async function tried(act) {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof Refused && error.lost) lost();
    view.complain((error instanceof Refused && error.status === 422 && error.message) || t('wrong'));
    return false;
  }
}

const deeds = {
  /** @param {string} text */
  send(text) {
    state.queue(text);
    flush();
  },
  person: () => tried(async () => {
    await post('/handoff');
    tellHost({ type: 'handoff' });
    await refresh();
  }),
  close: () => tellHost({ type: 'close' }),
  language: () => language(document.documentElement.lang.startsWith('zh') ? 'en' : chinese(wishes)),
  fresh() {
    listening?.abort();
    state.clear();
    state.tell('reset');
    view.input.focus();
  },
  forget: () => tried(async () => {
    listening?.abort();
    if (state.key) await request('DELETE', '/customers/me', null, state.key);
    deeds.fresh();
    view.complain(t('forgotten'));
  }),
  /** @param {string} id @param {number} value @param {string} [comment] */
  vote(id, value, comment = '') {
    state.votes[id] = value;
    state.keep();
    tried(() => post('/feedback', { message_id: id, value, comment }));
  },
  /** @param {number} score */
  rate(score) {
    state.rated = score;
    state.keep();
    tried(() => post('/rating', { score }));
  },
  /** @param {string} reach */
  reach: (reach) => tried(async () => { await post('/contact', { reach }); state.reach = reach; }),
  /** @param {string} id */
  retry(id) {
    for (const waiting of state.pending) if (waiting.client_id === id) { waiting.state = 'sending'; delete waiting.reason; }
    state.tell('pending');
    flush();
  },
  /** @param {string} id */
  discard(id) {
    state.pending = state.pending.filter((waiting) => waiting.client_id !== id);
    state.tell('pending');
  },
  follow: () => tellHost({ type: 'leaving' }),
  host,
};
const view = new View(root, state, shop, deeds);

/** @param {string} code */
async function language(code) {
  state.language = choose([code]);
  await speak(state.language);
  state.tell('language');
}

/** Light or dark writing on the shop's colour, whichever is read better (WCAG relative luminance). */
function colour() {
  const given = query.get('color') || '';
  if (!/^#[0-9a-f]{6}$/i.test(given)) return;
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(given.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  document.documentElement.style.setProperty('--accent', given);
  document.documentElement.style.setProperty('--on-accent', 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? '#111' : '#fff');
}

addEventListener('message', async (event) => {
  if (event.source !== window.parent || event.origin !== host || event.data?.zhanggui !== 1) return;
  const { type, text, code, focus } = event.data;
  if (type === 'open') {
    shown = true;
    unread = 0;
    view.toEnd(true);
    if (focus) view.input.focus();
  } else if (type === 'closed') shown = false;
  else if (type === 'ask' && text) deeds.send(String(text).slice(0, 2000));
  else if (type === 'language') await language(String(code));
});
for (const name of ['online', 'focus']) addEventListener(name, () => wake());

colour();
await speak(choose([state.language, ...wishes]));
for (const waiting of state.pending) if (waiting.state === 'sent') waiting.state = 'sending'; // The same client_id twice is one message.
view.draw();
tellHost({ type: 'ready' });
if (state.key) listen();
else flush();
