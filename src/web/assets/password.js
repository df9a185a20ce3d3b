// Shows the new password on a wish, and tells its strength in words while it is typed. The server decides: what is
// said here is a rough guess by length and variety, and never a refusal.
(() => {
  'use strict';

  const fields = document.querySelectorAll('[data-new-password]');
  const [field] = fields;
  if (!field) return;

  const show = document.querySelector('[data-show]');
  const button = show?.querySelector('button');
  if (button) {
    const words = [button.textContent, button.dataset.shown];
    show.hidden = false;
    button.addEventListener('click', () => {
      const shown = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(shown));
      button.textContent = words[shown ? 1 : 0];
      for (const each of fields) each.type = shown ? 'text' : 'password';
    });
    // Nothing stays readable on the way out.
    field.form.addEventListener('submit', () => { for (const each of fields) each.type = 'password'; });
  }

  const live = document.querySelector('[data-live]');
  const score = (text) => {
    const signs = [...text];
    const least = Number(field.minLength) || 8;
    if (signs.length < least) return signs.length < least / 2 ? 0 : 1;
    const kinds = new Set(signs.map((sign) => sign.toLowerCase())).size;
    if (kinds < 6) return 1;
    const words = text.trim().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2).length;
    const more = signs.length - least;
    if (kinds >= 10 && (more >= 12 || words >= 4)) return 4;
    if (kinds >= 8 && (more >= 5 || words >= 3)) return 3;
    return 2;
  };
  if (live) {
    const say = () => {
      document.querySelector('[data-strength]')?.remove();
      live.hidden = field.value === '';
      live.textContent = live.hidden ? '' : live.getAttribute(`data-words-${score(field.value)}`);
    };
    field.addEventListener('input', say);
  }
})();
