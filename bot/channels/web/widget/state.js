// What the chat knows, and what of it survives a reload. Changes are told by name; the view draws what changed.

/** @typedef {import('./transport.js').Key} Key */
/** @typedef {{sku: string, title: string, variant: string, price: string|null, list_price: string|null, price_up_to: string|null,
 *   currency: string|null, stock: number|null, availability: string, as_of: string|null, rating: number|null, url: string, image: string}} Product */
/** @typedef {{kind: string, id: string, field: string, quote: string}} Source */
/** @typedef {{products: Product[], sources: Source[], quick_replies: string[], conditions?: {text: string, lift: string}[], outcome: string, language: string}} Answer */
/** @typedef {{id: string, seq: number, author: 'customer'|'assistant'|'agent'|'system', text: string, at: string, client_id?: string,
 *   agent?: string, answer?: Answer}} Message */
/** @typedef {{client_id: string, text: string, state: 'sending'|'sent'|'failed', reason?: string}} Pending */
/** @typedef {'messages'|'pending'|'streaming'|'status'|'online'|'language'|'votes'|'reset'} Change */

export class State {
  /** @param {string} shop */
  constructor(shop) {
    this.place = `zhanggui:${shop}`;
    /** @type {Set<(change: Change) => void>} */
    this.watchers = new Set();
    this.clear();
    this.language = '';
    this.recall();
  }

  clear() {
    /** @type {Key | null} */
    this.key = null;
    /** @type {Message[]} */
    this.messages = [];
    /** @type {Pending[]} */
    this.pending = [];
    this.draft = '';
    /** @type {Record<string, number>} */
    this.votes = {};
    this.rated = 0;
    this.lastEvent = 0;
    this.status = 'assistant';
    this.agent = '';
    this.nobodyCame = false;
    this.reach = '';
    this.typing = false;
    this.streamed = '';
    this.online = true;
  }

  /** @param {(change: Change) => void} watcher */
  watch(watcher) {
    this.watchers.add(watcher);
  }

  /** @param {Change} change */
  tell(change) {
    this.keep();
    for (const watcher of this.watchers) watcher(change);
  }

  /** Without storage (blocked, private mode) everything lives as long as the page. */
  keep() {
    const { key, pending, draft, votes, rated, language } = this;
    try {
      localStorage.setItem(this.place, JSON.stringify({ key, pending, draft, votes, rated, language }));
    } catch { /* full or forbidden */ }
  }

  recall() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.place) || '{}');
      for (const name of ['key', 'pending', 'draft', 'votes', 'rated', 'language']) if (kept[name]) this[name] = kept[name];
    } catch { /* unreadable: begin anew */ }
  }

  /**
   * Puts messages in their place; one that is known already changes nothing. Returns the new ones.
   * @param {Message[]} messages
   */
  add(messages) {
    const known = new Set(this.messages.map((message) => message.id));
    const fresh = messages.filter((message) => !known.has(message.id));
    if (!fresh.length) return fresh;
    this.messages = [...this.messages, ...fresh].sort((a, b) => a.seq - b.seq);
    const arrived = new Set(fresh.map((message) => message.client_id).filter(Boolean));
    this.pending = this.pending.filter((waiting) => !arrived.has(waiting.client_id));
    if (fresh.some((message) => message.author === 'assistant' || message.author === 'agent')) {
      this.streamed = '';
      this.typing = false;
    }
    this.tell('messages');
    return fresh;
  }

  /**
   * A streamed piece. One that does not join on is left out: the whole answer follows anyway.
   * @param {number} offset characters before it
   * @param {string} text
   */
  stream(offset, text) {
    if (offset === 0) this.streamed = text;
    else if (this.streamed && [...this.streamed].length === offset) this.streamed += text;
    else return;
    this.tell('streaming');
  }

  /** @param {string} text */
  queue(text) {
    const client_id = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
    this.pending.push({ client_id, text, state: 'sending' });
    this.draft = '';
    this.tell('pending');
  }
}
