// What is on screen: head with the way to a person, the log, the line to write in. Draws what the state says and hands on what people do.

import { el, icon } from './elements.js';
import { ratingForm, reachForm } from './forms.js';
import { conditionChips, messageElement, pendingElement, quickReplies } from './message.js';
import { rich } from './richtext.js';
import { language, local, t } from './words.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {{name: Record<string, string>, greeting: Record<string, string>, starters: Record<string, string[]>, notice: Record<string, string>,
 *   privacy: string, languages: string[]}} Shop */
/** @typedef {{send: (text: string) => void, person: () => void, close: () => void, language: () => void, fresh: () => void, forget: () => void,
 *   vote: (id: string, value: number, comment?: string) => void, rate: (score: number) => void, reach: (reach: string) => Promise<boolean>,
 *   retry: (id: string) => void, discard: (id: string) => void, follow: (event: Event) => void, host: string}} Deeds */

const MAX_TEXT = 10_000;

export class View {
  /** @param {HTMLElement} root @param {State} state @param {Shop} shop @param {Deeds} deeds */
  constructor(root, state, shop, deeds) {
    this.root = root;
    this.state = state;
    this.shop = shop;
    this.deeds = deeds;
    state.watch((change) => this.changed(change));
    root.addEventListener('keydown', (event) => this.key(event));
    addEventListener('scroll', () => { if (this.scroller && this.box !== this.scroller) this.scrolled(); }, { passive: true });
  }

  /** Everything anew: at the start, in another language, after forgetting. */
  draw() {
    const { state, shop, deeds } = this;
    this.menuButton = el('button', { type: 'button', class: 'round', 'aria-label': t('menu'), title: t('menu'), 'aria-haspopup': 'menu', 'aria-expanded': 'false', on: { click: () => this.menu(this.menuBox.hidden) } }, icon('more'));
    const item = (/** @type {string} */ label, /** @type {() => void} */ act, /** @type {Record<string, any>} */ more = {}) => el('button', { type: 'button', role: 'menuitem', tabindex: -1, ...more, on: { click: () => { this.menu(false); act(); } } }, label);
    this.menuBox = el('div', { class: 'menu', role: 'menu', hidden: true, 'aria-label': t('menu') },
      item(t('language'), deeds.language, { lang: t('language') === 'English' ? 'en' : 'zh-CN' }),
      el('a', { role: 'menuitem', tabindex: -1, href: this.privacy(), target: '_blank', rel: 'noopener' }, t('privacy')),
      item(t('fresh'), deeds.fresh), item(t('forget'), () => this.askForget(), { class: 'bad' }));
    this.personButton = el('button', { type: 'button', class: 'person', on: { click: () => { if (this.state.status !== 'waiting' && this.state.status !== 'agent') deeds.person(); } } });
    this.status = el('p', { class: 'status', role: 'status' });
    this.notice = el('p', { class: 'notice' }, local(shop.notice) || t('notice'), ' ', el('a', { href: this.privacy(), target: '_blank', rel: 'noopener' }, t('privacy')));
    this.log = el('div', { class: 'log', role: 'log', 'aria-label': t('log'), 'aria-live': 'off' });
    this.coming = el('div', { class: 'coming', 'aria-hidden': 'true' });
    this.waiting = el('div', { class: 'outgoing' });
    this.below = el('div', { class: 'below' });
    this.scroller = el('main', { class: 'scroller', tabindex: 0, 'aria-label': t('log'), on: { scroll: () => this.scrolled(), click: () => this.reveal() } }, this.notice, this.log, this.waiting, this.coming, this.below);
    this.offline = el('p', { class: 'offline', role: 'status' });
    this.latest = el('button', { type: 'button', class: 'latest', hidden: true, on: { click: () => this.toEnd(true) } }, t('newMessages'));
    this.input = /** @type {HTMLTextAreaElement} */ (el('textarea', {
      id: 'message', rows: 1, placeholder: t('placeholder'), 'aria-label': t('message'), enterkeyhint: 'send', autocomplete: 'off',
      on: { input: () => this.typed(), keydown: (/** @type {KeyboardEvent} */ event) => this.enter(event) },
    }));
    this.input.value = state.draft;
    this.sendButton = el('button', { class: 'send', 'aria-label': t('send'), title: t('send') }, icon('send'));
    this.problem = el('p', { class: 'problem', role: 'alert' });
    this.root.replaceChildren(
      el('header', { class: 'head' },
        el('span', { class: 'seal' }, icon('bubble')),
        el('h1', {}, local(shop.name) || t('title')),
        el('div', { class: 'corner' }, this.menuButton, this.menuBox),
        el('button', { type: 'button', class: 'round', 'aria-label': t('close'), title: t('close'), on: { click: deeds.close } }, icon('close')),
        el('div', { class: 'strip' }, this.status, this.personButton)),
      this.scroller, this.latest, this.offline,
      el('form', { class: 'composer', 'aria-label': t('title'), on: { submit: (/** @type {Event} */ event) => { event.preventDefault(); this.submit(); } } }, this.problem, el('div', { class: 'line' }, this.input, this.sendButton)));
    this.root.removeAttribute('aria-busy');
    for (const change of /** @type {const} */ (['messages', 'pending', 'status', 'online'])) this.changed(change);
    this.typed();
    // What was said before is not read out again; from here on each finished message is, once.
    requestAnimationFrame(() => requestAnimationFrame(() => this.log.setAttribute('aria-live', 'polite')));
    this.toEnd(true);
  }

  privacy() {
    const { privacy } = this.shop;
    return privacy.startsWith('/') ? `${privacy}&lang=${language}` : privacy;
  }

  /** @param {import('./state.js').Change} change */
  changed(change) {
    if (!this.log) return;
    if (change === 'reset' || change === 'language') this.draw();
    else if (change === 'messages') this.drawMessages();
    else if (change === 'pending') this.drawPending();
    else if (change === 'streaming') this.drawComing();
    else if (change === 'status') this.drawStatus();
    else if (change === 'online') this.drawOnline();
    if (this.following) this.follow();
    else if (change === 'messages') this.latest.hidden = false;
  }

  drawMessages() {
    const { state, deeds } = this;
    const acts = { vote: deeds.vote, ask: deeds.send, follow: deeds.follow, host: deeds.host };
    const there = new Set([...this.log.children].map((child) => child.getAttribute('data-id')));
    for (const message of state.messages) {
      if (there.has(message.id)) continue;
      const element = messageElement(message, state.votes, acts);
      element.dataset.id = message.id;
      element.dataset.seq = String(message.seq);
      const after = [...this.log.children].find((child) => Number(/** @type {HTMLElement} */ (child).dataset.seq) > message.seq);
      this.log.insertBefore(element, after || null);
    }
    if (!state.messages.length && !this.log.children.length) {
      const greeting = local(this.shop.greeting);
      if (greeting) this.log.append(el('article', { class: 'message system welcome', 'data-id': 'welcome', 'data-seq': 0 }, el('div', { class: 'text' }, rich(greeting))));
    } else if (state.messages.length) this.log.querySelector('.welcome')?.remove();
    this.drawPending();
    this.drawComing();
    this.drawBelow();
  }

  drawPending() {
    const { retry, discard } = this.deeds;
    this.waiting.replaceChildren(...this.state.pending.map((waiting) => pendingElement(waiting, { retry, discard, online: this.state.online })));
    this.drawComing();
    this.drawBelow();
  }

  drawComing() {
    const { state } = this;
    const onItsWay = state.typing || (state.status !== 'agent' && state.pending.some((waiting) => waiting.state !== 'failed'));
    if (state.streamed) {
      this.coming.replaceChildren(el('article', { class: 'message assistant' }, el('p', { class: 'who' }, t('assistant'), el('span', { class: 'ai' }, t('ai'))), el('div', { class: 'text' }, rich(state.streamed))));
    } else if (onItsWay) {
      if (!this.coming.querySelector('.dots')) this.coming.replaceChildren(el('div', { class: 'dots', title: t('typing') }, el('i'), el('i'), el('i')));
    } else this.coming.replaceChildren();
  }

  drawBelow() {
    const { state, shop, deeds } = this;
    const last = state.messages.at(-1);
    const parts = [];
    if (!state.pending.length && state.status !== 'agent') {
      const conditions = last?.author === 'assistant' ? last.answer?.conditions || [] : [];
      if (conditions.length) parts.push(conditionChips(conditions, { ...deeds, ask: deeds.send }));
      const replies = last?.author === 'assistant' ? last.answer?.quick_replies || [] : state.messages.some((m) => m.author !== 'system') ? [] : local(shop.starters) || [];
      if (replies.length) parts.push(quickReplies(replies, { ...deeds, ask: deeds.send }));
    }
    if (state.nobodyCame) parts.push(this.reaching || (this.reaching = reachForm(state.reach, deeds.reach)));
    else this.reaching = null;
    if (state.status === 'resolved' && !state.rated) parts.push(this.rating || (this.rating = ratingForm(deeds.rate)));
    else if (state.status !== 'resolved') this.rating = null;
    if (parts.length !== this.below.children.length || parts.some((part, at) => part !== this.below.children[at])) this.below.replaceChildren(...parts);
  }

  drawStatus() {
    const { state } = this;
    const held = state.status === 'agent';
    const waits = state.status === 'waiting';
    this.status.textContent = held ? (state.agent ? t('statusAgent', { name: state.agent }) : t('statusAgentUnnamed'))
      : waits ? t(state.nobodyCame ? 'statusNobody' : 'statusWaiting') : state.status === 'resolved' ? t('statusResolved') : t('statusAssistant');
    this.root.dataset.status = state.status;
    this.personButton.replaceChildren(icon('person'), el('span', {}, t(held ? 'personHere' : waits ? 'personAsked' : 'person')));
    this.personButton.setAttribute('aria-disabled', String(held || waits));
    this.drawBelow();
    this.drawComing();
  }

  drawOnline() {
    this.offline.textContent = this.state.online ? '' : t('offline');
    this.drawPending();
  }

  typed() {
    const { input } = this;
    const over = input.value.length > MAX_TEXT;
    this.state.draft = input.value;
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, 132)}px`;
    this.complain(over ? t('tooLong', { count: input.value.length, most: MAX_TEXT }) : '');
    this.sendButton.toggleAttribute('disabled', over || !input.value.trim());
    this.state.keep();
  }

  /** @param {string} sentence */
  complain(sentence) {
    if (this.problem.textContent !== sentence) this.problem.textContent = sentence;
  }

  /** @param {KeyboardEvent} event */
  enter(event) {
    // Enter that picks a Chinese candidate must not send.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const text = this.input.value.trim();
    if (!text || text.length > MAX_TEXT) return;
    this.input.value = '';
    this.deeds.send(text);
    this.typed();
    this.input.focus();
    this.toEnd(true);
  }

  /** @param {boolean} open */
  menu(open) {
    this.menuBox.hidden = !open;
    this.menuButton.setAttribute('aria-expanded', String(open));
    if (open) /** @type {HTMLElement} */ (this.menuBox.firstElementChild).focus();
    else if (this.menuBox.contains(document.activeElement)) this.menuButton.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.menuBox.hidden) {
      const items = /** @type {HTMLElement[]} */ ([...this.menuBox.children]);
      const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
      if (to !== undefined) { event.preventDefault(); items.at(to % items.length)?.focus(); }
      if (event.key === 'Escape') { event.stopPropagation(); this.menu(false); this.menuButton.focus(); }
      if (event.key === 'Tab') this.menu(false);
    } else if (event.key === 'Escape' && !event.isComposing) this.deeds.close();
  }

  askForget() {
    const answer = (/** @type {boolean} */ yes) => { dialog.close(); dialog.remove(); if (yes) this.deeds.forget(); this.input.focus(); };
    const dialog = /** @type {HTMLDialogElement} */ (el('dialog', { 'aria-label': t('forget'), on: { cancel: (/** @type {Event} */ event) => { event.preventDefault(); answer(false); }, keydown: (/** @type {Event} */ event) => event.stopPropagation() } },
      el('p', {}, t('forgetSure')), el('div', { class: 'choices' },
        el('button', { type: 'button', class: 'button plain', on: { click: () => answer(false) } }, t('cancel')),
        el('button', { type: 'button', class: 'button bad', on: { click: () => answer(true) } }, t('forgetYes')))));
    this.root.append(dialog);
    dialog.showModal();
  }

  /** What scrolls: the middle, or on a very low screen the whole page. */
  get box() {
    return /** @type {HTMLElement} */ (getComputedStyle(this.scroller).overflowY === 'visible' ? document.scrollingElement : this.scroller);
  }

  /** @param {boolean} [sure] also if somebody is reading further up */
  toEnd(sure = false) {
    if (sure) this.following = true;
    this.follow();
  }

  /** Shows the end; but never scrolls the last question away, so that a long answer is read from its beginning. */
  follow() {
    const settle = () => {
      if (!this.following) return;
      const { box } = this;
      const questions = this.scroller.querySelectorAll('.customer');
      const question = questions[questions.length - 1];
      const end = box.scrollHeight - box.clientHeight;
      const top = box === this.scroller ? box.getBoundingClientRect().top : 0;
      const start = question ? question.getBoundingClientRect().top - top + box.scrollTop - 12 : end;
      this.target = Math.max(0, Math.min(end, start));
      box.scrollTop = this.target;
      this.latest.hidden = true;
    };
    settle();
    // Buttons and pictures that come a moment later move the end.
    requestAnimationFrame(() => requestAnimationFrame(settle));
  }

  /** Where somebody scrolled to stays, until they are at the end again. */
  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    const atEnd = scrollHeight - scrollTop - clientHeight < 60;
    this.following = atEnd || Math.abs(scrollTop - (this.target ?? 0)) < 4;
    if (atEnd) this.latest.hidden = true;
  }

  /** What a pressed button opened is brought into view. */
  reveal() {
    const opened = document.activeElement?.closest('.tools')?.querySelectorAll('.quote:not([hidden]), .why:not(:empty)');
    for (const part of opened || []) part.scrollIntoView({ block: 'nearest' });
  }
}
