// The one tag on a shop's page: a button, and behind it the chat in a frame of its own, so that neither page can break the other.
//   <script async src="https://chat.example/widget.js" data-shop="demo" data-locale="en" data-position="right" data-color="#0f5d4e"></script>
//   zhanggui('open' | 'close' | 'toggle' | 'hide' | 'show') · zhanggui('ask', text) · zhanggui('language', 'zh') · zhanggui('on', event, fn)
// Events: ready, open, close, message, handoff. Calls made before this file is here wait in `zhanggui.q`.
(() => {
  'use strict';
  const script = document.currentScript;
  const early = window.zhanggui;
  if (!script || (early && early.running)) return;

  const { shop = 'demo', locale = '', position = 'right', color = '' } = script.dataset;
  const home = new URL(script.src).origin;
  const remembered = `zhanggui:open:${shop}`;
  const small = matchMedia('(max-width: 480px), (max-height: 480px)');
  const spoken = (locale || document.documentElement.lang || navigator.language || 'en').toLowerCase();
  const traditional = /^yue|^zh\b(?!.*hans).*\b(hant|tw|hk|mo)\b/.test(spoken.replaceAll('_', '-'));
  const words = traditional ? { open: '線上客服', close: '收起對話', title: '與商店對話', unread: '則新訊息' }
    : spoken.startsWith('zh') ? { open: '咨询掌柜', close: '收起对话', title: '与店铺对话', unread: '条新消息' }
    : { open: 'Chat with us', close: 'Close the chat', title: 'Chat with the shop', unread: 'new' };

  const css = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    .launcher, .frame { position: fixed; z-index: 2147483000; border: 0; }
    .launcher { bottom: calc(20px + env(safe-area-inset-bottom)); width: 60px; height: 60px; padding: 0; border-radius: 20px; cursor: pointer;
      color: var(--on); background: var(--accent); box-shadow: 0 1px 2px rgb(0 0 0 / .18), 0 10px 28px rgb(0 0 0 / .2);
      display: grid; place-items: center; transition: transform .18s ease, box-shadow .18s ease; -webkit-tap-highlight-color: transparent; }
    .launcher:hover { transform: translateY(-2px); box-shadow: 0 2px 4px rgb(0 0 0 / .18), 0 14px 34px rgb(0 0 0 / .24); }
    .launcher:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
    .launcher svg { width: 28px; height: 28px; grid-area: 1 / 1; transition: opacity .15s, transform .2s; }
    .launcher .down { opacity: 0; transform: translateY(-6px); }
    .open .launcher .down { opacity: 1; transform: none; }
    .open .launcher .bubble { opacity: 0; transform: translateY(6px); }
    .right .launcher, .right .frame { right: calc(20px + env(safe-area-inset-right)); }
    .left .launcher, .left .frame { left: calc(20px + env(safe-area-inset-left)); }
    .badge { position: absolute; top: -4px; right: -4px; min-width: 20px; height: 20px; padding: 0 6px; border-radius: 10px; color: #fff;
      background: #b3261e; font: 600 12px/20px system-ui, sans-serif; }
    .badge:empty, .hidden { display: none !important; }
    .frame { bottom: calc(96px + env(safe-area-inset-bottom)); width: min(408px, calc(100vw - 40px)); height: min(690px, calc(100dvh - 120px));
      border-radius: 20px; background: transparent; color-scheme: light dark; box-shadow: 0 2px 6px rgb(0 0 0 / .1), 0 24px 64px rgb(0 0 0 / .24);
      visibility: hidden; opacity: 0; transform: translateY(12px); transition: opacity .18s ease, transform .18s ease, visibility 0s .18s; }
    .open .frame { visibility: visible; opacity: 1; transform: none; transition: opacity .18s ease, transform .18s ease; }
    @media (max-width: 480px), (max-height: 480px) {
      .frame { inset: 0 !important; width: 100vw; height: 100dvh; border-radius: 0; }
      .open .launcher { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { .launcher, .launcher svg, .frame, .open .frame { transition: none; } }
    @media print { .launcher, .frame { display: none; } }`;

  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  try {
    // A constructed sheet is allowed under a strict style-src of the shop's page; an element is for browsers without.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(Object.assign(document.createElement('style'), { textContent: css }));
  }

  const SVG = 'http://www.w3.org/2000/svg';
  const icon = (name, d) => {
    const svg = document.createElementNS(SVG, 'svg');
    const path = document.createElementNS(SVG, 'path');
    const drawn = { viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.8', 'stroke-linecap': 'round', 'stroke-linejoin': 'round', class: name, 'aria-hidden': 'true' };
    for (const [key, value] of Object.entries(drawn)) svg.setAttribute(key, value);
    path.setAttribute('d', d);
    svg.append(path);
    return svg;
  };

  const box = document.createElement('div');
  box.className = position === 'left' ? 'left' : 'right';
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'launcher';
  const badge = document.createElement('span');
  badge.className = 'badge';
  button.append(icon('bubble', 'M4.5 5.5h15a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H12l-5 4v-4H4.5A1.5 1.5 0 0 1 3 16V7a1.5 1.5 0 0 1 1.5-1.5zM8 11.5h.01M12 11.5h.01M16 11.5h.01'), icon('down', 'M6 9.5l6 6 6-6'), badge);
  box.append(button);
  root.append(box);

  const rgb = /^#([0-9a-f]{6})$/i.exec(color);
  const accent = rgb ? color : '#0f5d4e';
  const light = [1, 3, 5].map((at) => parseInt(accent.slice(at, at + 2), 16) / 255).map((c) => (c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4));
  const bright = .2126 * light[0] + .7152 * light[1] + .0722 * light[2];
  host.style.setProperty('--accent', accent);
  host.style.setProperty('--on', bright > .18 ? '#111' : '#fff');

  let frame = null;
  let ready = false;
  let open = false;
  const waiting = [];
  const listeners = {};

  const keep = (value) => { try { sessionStorage.setItem(remembered, value ? '1' : ''); } catch { /* private mode */ } };
  const kept = () => { try { return sessionStorage.getItem(remembered) === '1'; } catch { return false; } };
  const tell = (type, data) => (listeners[type] || []).forEach((fn) => fn(data));
  const post = (message) => {
    if (ready) frame.contentWindow.postMessage({ zhanggui: 1, ...message }, home);
    else waiting.push(message);
  };
  const load = () => {
    if (frame) return;
    frame = document.createElement('iframe');
    frame.className = 'frame';
    frame.title = words.title;
    const query = new URLSearchParams({ host: location.origin, color: accent, locale: locale || document.documentElement.lang || '' });
    frame.src = `${home}/widget/${encodeURIComponent(shop)}?${query}`;
    box.prepend(frame);
  };
  const label = (unread) => {
    badge.textContent = unread ? String(Math.min(unread, 99)) : '';
    button.setAttribute('aria-expanded', String(open));
    button.setAttribute('aria-label', open ? words.close : words.open + (unread ? ` (${unread} ${words.unread})` : ''));
  };
  const fit = () => {
    // On a phone the keyboard covers the page: the frame takes what is still seen. Elsewhere the style sheet decides.
    if (!frame) return;
    const seen = window.visualViewport;
    const full = open && small.matches && seen;
    frame.style.setProperty('height', full ? `${seen.height}px` : '');
    frame.style.setProperty('top', full ? `${seen.offsetTop}px` : '', full ? 'important' : '');
    frame.style.setProperty('bottom', full ? 'auto' : '', full ? 'important' : '');
    document.documentElement.style.setProperty('overflow', full ? 'hidden' : '');
  };
  const show = (wanted, focus = true) => {
    if (wanted === open) return;
    open = wanted;
    if (open) load();
    box.classList.toggle('open', open);
    keep(open);
    label(0);
    fit();
    if (open && focus) frame.focus({ preventScroll: true });
    post({ type: open ? 'open' : 'closed', focus });
    if (!open && focus) button.focus({ preventScroll: true });
    tell(open ? 'open' : 'close');
  };

  const commands = {
    open: () => show(true),
    close: () => show(false),
    toggle: () => show(!open),
    hide: () => { show(false, false); box.classList.add('hidden'); },
    show: () => box.classList.remove('hidden'),
    ask: (text) => { show(true); post({ type: 'ask', text: String(text) }); },
    language: (code) => { load(); post({ type: 'language', code: String(code) }); },
    on: (event, fn) => (listeners[event] = listeners[event] || []).push(fn),
  };

  addEventListener('message', (event) => {
    if (!frame || event.origin !== home || event.source !== frame.contentWindow || !event.data || event.data.zhanggui !== 1) return;
    const { type, count } = event.data;
    if (type === 'ready') {
      ready = true;
      waiting.splice(0).forEach(post);
      tell('ready');
    } else if (type === 'close') show(false);
    else if (type === 'leaving') { if (small.matches) keep(false); }
    else if (type === 'unread') { if (!open) label(count); tell('message', { count }); }
    else if (type === 'handoff') tell('handoff');
  });
  button.addEventListener('click', commands.toggle);
  // The chat's files come when somebody is about to open it, not with every page.
  ['pointerenter', 'focus'].forEach((name) => button.addEventListener(name, load, { once: true }));
  box.addEventListener('keydown', (event) => { if (event.key === 'Escape' && open) show(false); });
  small.addEventListener('change', fit);
  if (window.visualViewport) ['resize', 'scroll'].forEach((name) => window.visualViewport.addEventListener(name, fit));

  const api = (name, ...given) => {
    if (!Object.hasOwn(commands, name)) throw new Error(`zhanggui: there is no command "${name}"`);
    commands[name](...given);
  };
  api.running = true;
  window.zhanggui = api;

  const start = () => {
    document.body.append(host);
    label(0);
    if (kept()) show(true, false);
    ((early && early.q) || []).forEach((call) => api(...call));
  };
  if (document.body) start();
  else addEventListener('DOMContentLoaded', start);
})();
