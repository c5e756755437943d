// Two soft tones when a customer begins to wait; browsers let a page sound only after the first click or key.

/** @type {AudioContext | null} */
let audio = null;
const button = document.getElementById('sound');

function wake() {
  audio ??= new AudioContext();
  if (audio.state === 'suspended') audio.resume();
}
document.addEventListener('pointerdown', wake, { once: true });
document.addEventListener('keydown', wake, { once: true });

/**
 * Reads or writes a choice of this browser.
 * @param {string} name
 * @param {string} [value]
 */
export function remembered(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(`desk:${name}`, value);
    return localStorage.getItem(`desk:${name}`);
  } catch {
    return null;
  }
}

function paint() {
  const on = remembered('sound') !== 'off';
  if (!button) return;
  button.setAttribute('aria-pressed', String(on));
  button.title = (on ? button.dataset.on : button.dataset.off) ?? '';
}
button?.addEventListener('click', () => {
  remembered('sound', remembered('sound') === 'off' ? 'on' : 'off');
  paint();
  beep();
});
paint();

export function beep() {
  document.dispatchEvent(new CustomEvent('desk:waiting'));
  if (!audio || audio.state !== 'running' || remembered('sound') === 'off') return;
  const start = audio.currentTime;
  for (const [index, pitch] of [660, 880].entries()) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, start + index * 0.16);
    volume.gain.exponentialRampToValueAtTime(0.12, start + index * 0.16 + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + index * 0.16 + 0.32);
    tone.connect(volume).connect(audio.destination);
    tone.start(start + index * 0.16);
    tone.stop(start + index * 0.16 + 0.34);
  }
}
