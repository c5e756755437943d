// Says that an import takes its time, and keeps an impatient hand from starting it twice.
const form = document.getElementById('import');
form?.addEventListener('submit', () => {
  const button = form.querySelector('button');
  const wait = document.getElementById('wait');
  if (!button || !wait) return;
  button.disabled = true;
  wait.textContent = button.dataset.wait ?? '';
});
window.addEventListener('pageshow', () => form?.querySelector('button')?.removeAttribute('disabled'));
