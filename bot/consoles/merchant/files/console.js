// What a page of the console does beyond its forms: follows work that goes on elsewhere, takes dropped files, and stops impatient hands.

const REFRESH_MS = 1200;

// Work in progress: the part #live is fetched anew until its state is another; then the page is loaded as a whole.
const live = document.getElementById('live');
if (live?.dataset.state === 'running') {
  let failed = 0;
  const look = async () => {
    if (document.hidden) return void setTimeout(look, REFRESH_MS);
    try {
      const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
      const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('live');
      if (!response.ok || !fresh || fresh.dataset.state !== 'running') return void location.reload();
      failed = 0;
      const heading = live.querySelector('[role="status"] h2');
      const told = fresh.querySelector('[role="status"] h2')?.textContent ?? '';
      if (heading && heading.textContent !== told) heading.textContent = told; // only what is new is read out
      for (const [at, element] of [...fresh.children].entries()) {
        if (element.getAttribute('role') !== 'status' && live.children[at]) live.children[at].replaceWith(element.cloneNode(true));
      }
    } catch {
      if (++failed > 20) return;
    }
    setTimeout(look, REFRESH_MS);
  };
  setTimeout(look, REFRESH_MS);
}

// Files: dropped anywhere on the panel, listed, and sent with a bar that moves.
const form = document.getElementById('import');
const files = document.getElementById('files');
const chosen = document.getElementById('chosen');
if (form instanceof HTMLFormElement && files instanceof HTMLInputElement && chosen) {
  const list = () => {
    chosen.replaceChildren(...[...(files.files ?? [])].map((file) => {
      const item = document.createElement('li');
      item.textContent = `${file.name} · ${size(file.size)}`;
      return item;
    }));
  };
  files.addEventListener('change', list);
  const over = (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    form.classList.add('over');
  };
  form.addEventListener('dragenter', over);
  form.addEventListener('dragover', over);
  form.addEventListener('dragleave', (event) => {
    if (!form.contains(/** @type {Node | null} */ (event.relatedTarget))) form.classList.remove('over');
  });
  form.addEventListener('drop', (event) => {
    form.classList.remove('over');
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    const all = new DataTransfer();
    for (const file of [...(files.files ?? []), ...event.dataTransfer.files]) all.items.add(file);
    files.files = all.files;
    list();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(form);
  });
}

/** @param {HTMLFormElement} form */
function send(form) {
  const sending = document.getElementById('sending');
  const bar = sending?.querySelector('progress');
  const words = document.getElementById('sending-words');
  const button = form.querySelector('button');
  const request = new XMLHttpRequest();
  request.open('POST', form.action);
  request.setRequestHeader('Accept', 'text/html');
  request.responseType = 'document';
  request.upload.addEventListener('progress', (event) => {
    if (bar && event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.addEventListener('load', () => {
    // Where it went well we were sent on to the import's own page; a refusal is shown in place.
    if (request.status < 400 && request.responseURL) return void location.assign(request.responseURL);
    const page = request.response?.body;
    if (page) document.body.replaceWith(page);
    else form.submit();
  });
  request.addEventListener('error', () => form.submit());
  if (sending) sending.hidden = false;
  if (words) words.textContent = words.dataset.words ?? '';
  if (button) button.disabled = true;
  request.send(new FormData(form));
}

/** @param {number} bytes */
function size(bytes) {
  const units = ['B', 'KB', 'MB'];
  let at = 0;
  while (bytes >= 1024 && at < 2) {
    bytes /= 1024;
    at += 1;
  }
  return `${at ? bytes.toFixed(1) : bytes} ${units[at]}`;
}

// A form whose work takes its time says so and is not sent twice.
for (const slow of document.querySelectorAll('form[data-wait]')) {
  slow.addEventListener('submit', () => {
    const words = slow.querySelector('[role="status"]');
    if (words instanceof HTMLElement) words.textContent = /** @type {HTMLElement} */ (slow).dataset.wait ?? '';
    setTimeout(() => slow.querySelectorAll('button').forEach((button) => { button.disabled = true; }));
  });
}
window.addEventListener('pageshow', () => document.querySelectorAll('button').forEach((button) => { button.disabled = false; }));
