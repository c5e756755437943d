// The way to the server: requests with the conversation's token in a header, and the event stream read with fetch for the same reason
// (an EventSource can carry no header, and a token does not belong in an address).

const SILENCE_MS = 40_000; // The server says something every 15 s; after this long the line is dead.

/** The server answered, and the answer is no. */
export class Refused extends Error {
  /** @param {number} status @param {string} detail @param {number} retryAfter seconds */
  constructor(status, detail, retryAfter) {
    super(detail);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** The conversation is gone, or its token opens it no more. */
  get lost() {
    return this.status === 401 || this.status === 404;
  }

  /** Trying later can help. */
  get passing() {
    return this.status === 429 || this.status >= 500;
  }
}

/** @typedef {{id: string, token: string}} Key */

/**
 * @param {string} method
 * @param {string} path below /api/v1
 * @param {object | null} [body]
 * @param {Key | null} [key]
 * @returns {Promise<any>} the JSON, or null of an empty answer
 */
export async function request(method, path, body = null, key = null) {
  const headers = new Headers({ Accept: 'application/json' });
  if (body) headers.set('Content-Type', 'application/json');
  if (key) headers.set('Authorization', `Bearer ${key.token}`);
  const response = await fetch(`/api/v1${path}`, { method, headers, body: body && JSON.stringify(body), cache: 'no-store' });
  if (response.ok) return response.status === 204 ? null : response.json();
  let detail = '';
  try {
    detail = (await response.json()).detail || '';
  } catch { /* a proxy's page */ }
  throw new Refused(response.status, detail, Number(response.headers.get('Retry-After')) || 0);
}

/**
 * Events of a conversation from the one after `after` on. Ends when the server or the line does.
 * @param {Key} key
 * @param {number} after
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<{type: string, id: number | null, data: any}>}
 */
export async function* events(key, after, signal) {
  const line = new AbortController();
  signal.addEventListener('abort', () => line.abort());
  const headers = { Accept: 'text/event-stream', Authorization: `Bearer ${key.token}`, 'Last-Event-ID': String(after) };
  let timer = setTimeout(() => line.abort(), SILENCE_MS);
  try {
    const response = await fetch(`/api/v1/conversations/${key.id}/events`, { headers, signal: line.signal, cache: 'no-store' });
    if (!response.ok || !response.body) throw new Refused(response.status, '', Number(response.headers.get('Retry-After')) || 0);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    yield { type: 'open', id: null, data: null };
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => line.abort(), SILENCE_MS);
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() || '';
      for (const block of blocks) {
        const event = parse(block);
        if (event) yield event;
      }
    }
  } finally {
    clearTimeout(timer);
    line.abort();
  }
}

/** @param {string} block */
function parse(block) {
  let type = 'message';
  let id = null;
  const data = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const value = line.slice(colon + 1).replace(/^ /, '');
    if (line.startsWith('event:')) type = value;
    else if (line.startsWith('id:')) id = Number(value);
    else if (line.startsWith('data:')) data.push(value);
  }
  return data.length ? { type, id, data: JSON.parse(data.join('\n')) } : null;
}
