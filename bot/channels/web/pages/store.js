// Buttons and the form that ask the assistant. Questions wait in the queue until the widget is here.
window.zhanggui = window.zhanggui || Object.assign((...call) => window.zhanggui.q.push(call), { q: [] });

document.addEventListener('click', (event) => {
  const asking = event.target.closest('[data-ask]');
  if (asking) window.zhanggui('ask', asking.dataset.ask);
});
document.addEventListener('submit', (event) => {
  if (!event.target.matches('[data-ask-form]')) return;
  event.preventDefault();
  const text = new FormData(event.target).get('q').trim();
  if (text) window.zhanggui('ask', text);
  else window.zhanggui('open');
  event.target.reset();
});
