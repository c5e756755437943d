// The one-time code stands behind # in the address, so that it reaches no server log. It goes into the form, and out of the address.
const form = document.getElementById('welcome');
const code = document.getElementById('code');
if (form instanceof HTMLFormElement && code) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem('token'));
  const token = location.hash.slice(1);
  if (token) {
    field.value = token;
    history.replaceState(null, '', location.pathname + location.search);
  }
  code.hidden = field.value !== '';
  // The link to the other language loads the page anew: the code comes along, still behind #.
  for (const link of document.querySelectorAll('.under a')) {
    if (link instanceof HTMLAnchorElement && field.value) link.hash = field.value;
  }
  const first = form.querySelector(code.hidden ? 'input[name="name"]' : 'input[name="token"]');
  if (first instanceof HTMLInputElement) first.focus();
}
