// Shows the new password on a wish, and says in words how far it is while it is typed. It knows little, and says no
// more: the rules and the lists are the service's, which decides when the form is sent. Nothing leaves the page before.
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

  // Signs in a row that go up, go down or stay: "abcd", "4321", "aaaa".
  function inRows(signs) {
    const steps = signs.slice(1).map((sign, at) => sign.codePointAt(0) - signs[at].codePointAt(0));
    const small = steps.filter((step, at) => Math.abs(step) <= 1 && step === (steps[at - 1] ?? step));
    return small.length * 2 >= steps.length;
  }

  function judge(password, { min, short, own, simple, enough }) {
    // Characters as the service counts them: code points of the composed form.
    const signs = [...password.normalize('NFC')];
    if (signs.length < Number(min)) return short.replace('#', String(signs.length));
    const name = document.getElementById('username')?.value.toLowerCase() ?? '';
    if (name.length > 3 && password.toLowerCase().includes(name)) return own;
    return new Set(signs).size < 5 || inRows(signs) ? simple : enough;
  }

  const live = document.querySelector('[data-live]');
  if (live) {
    field.addEventListener('input', () => {
      // What was judged before is not what is typed now.
      document.querySelector('[data-strength]')?.remove();
      live.hidden = field.value === '';
      const words = live.hidden ? '' : judge(field.value, live.dataset);
      // Read aloud once, not at every key.
      if (live.textContent !== words) live.textContent = words;
    });
  }
})();
