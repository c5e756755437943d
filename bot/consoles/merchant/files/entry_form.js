// What an entry's form does beyond sending itself: shows pictures while their addresses are written, and asks before typed words are lost.

const images = document.getElementById('f-images');
const pictures = document.getElementById('pictures');
if (images instanceof HTMLTextAreaElement && pictures) {
  const show = () => {
    const addresses = images.value.split('\n').map((line) => line.trim()).filter((line) => /^(https?:\/\/[^\s/]|\/[^\s/])/.test(line));
    pictures.replaceChildren(...addresses.slice(0, 30).map((address, at) => {
      const item = document.createElement('li');
      const picture = document.createElement('img');
      Object.assign(picture, { src: address, alt: `${pictures.dataset.alt} ${at + 1}`, width: 96, height: 96, referrerPolicy: 'no-referrer' });
      item.append(picture);
      return item;
    }));
    mark();
  };
  images.addEventListener('change', show);
}

// A picture that is not there says so: its name stands in its place.
function mark() {
  for (const picture of document.querySelectorAll('.pictures img')) {
    const broken = () => picture.closest('li')?.classList.add('broken');
    if (picture.complete && !picture.naturalWidth && picture.src.startsWith('http')) broken();
    picture.addEventListener('error', broken, { once: true });
  }
}
mark();

// Buttons of the form itself go on; any other way out asks first.
const form = document.querySelector('.entry-form');
if (form instanceof HTMLFormElement) {
  let written = form.dataset.written === '1';
  form.addEventListener('input', () => { written = true; });
  form.addEventListener('submit', () => { written = false; });
  window.addEventListener('beforeunload', (event) => { if (written) event.preventDefault(); });
}
