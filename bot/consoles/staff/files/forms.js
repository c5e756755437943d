// Sends the desk's forms without leaving the page, and keeps what is half written.

const drafts = `draft:${location.pathname}`;

/**
 * @param {(page: Document) => void} show
 * @param {(text: string) => void} say
 */
export function onForms(show, say) {
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches('[data-quiet]')) return;
    event.preventDefault();
    if (form.dataset.busy === 'yes') return;
    form.dataset.busy = 'yes';
    try {
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) body.append(name, String(value));
      const response = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' } });
      const html = new DOMParser().parseFromString(await response.text(), 'text/html');
      if (!html.getElementById('desk')) {
        // Signed out, or not allowed: the server's page says why.
        say(html.querySelector('[role="alert"]')?.textContent ?? document.getElementById('desk')?.dataset.signedOut ?? '');
        return;
      }
      if (response.ok && form.id === 'say') {
        form.dataset.sent = 'yes';
        keep('');
      }
      show(html);
      if (form.id === 'say' || form.querySelector('#take')) document.getElementById('text')?.focus();
    } catch {
      say(document.getElementById('desk')?.dataset.lost ?? '');
    } finally {
      delete form.dataset.busy;
    }
  });

  document.addEventListener('keydown', (event) => {
    const field = event.target;
    // Only the line to write in: a correction is sent by its button.
    if (!(field instanceof HTMLTextAreaElement) || field.id !== 'text' || event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    // A note may have many lines; Ctrl+Enter sends either.
    const note = field.form && new FormData(field.form).get('kind') === 'note';
    if (note && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (field.value.trim()) field.form?.requestSubmit();
  });

  document.addEventListener('change', (event) => {
    const mode = event.target;
    const text = document.getElementById('text');
    if (!(mode instanceof HTMLInputElement) || mode.name !== 'kind' || !text) return;
    text.dataset.reply ??= text.getAttribute('placeholder') ?? '';
    text.setAttribute('placeholder', (mode.value === 'note' ? text.dataset.note : text.dataset.reply) ?? '');
  });
  document.addEventListener('input', (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.id === 'text') keep(event.target.value);
  });
  const text = document.getElementById('text');
  if (text instanceof HTMLTextAreaElement && !text.value) text.value = kept();
}

/** @param {string} text */
function keep(text) {
  try {
    if (text) sessionStorage.setItem(drafts, text);
    else sessionStorage.removeItem(drafts);
  } catch {
    // Storage is closed in this browser: the draft lives as long as the page.
  }
}

function kept() {
  try {
    return sessionStorage.getItem(drafts) ?? '';
  } catch {
    return '';
  }
}
