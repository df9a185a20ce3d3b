// Says in words how far a new password is while it is typed. It knows little, and says no more: the rules and the lists
// are the service's, which decides when the form is sent. Nothing leaves the page before.
(() => {
  'use strict';

  const field = document.getElementById('new_password');
  const says = document.getElementById('strength-live');
  const name = document.getElementById('username');

  // Signs in a row that go up, go down or stay: "abcd", "4321", "aaaa".
  function inRows(signs) {
    const steps = signs.slice(1).map((sign, at) => sign.codePointAt(0) - signs[at].codePointAt(0));
    const small = steps.filter((step, at) => Math.abs(step) <= 1 && step === (steps[at - 1] ?? step));
    return small.length * 2 >= steps.length;
  }

  function judge(password) {
    // Characters as the service counts them: code points of the composed form.
    const signs = [...password.normalize('NFC')];
    if (signs.length === 0) return '';
    const { short, own, simple, enough } = says.dataset;
    if (signs.length < Number(says.dataset.min)) return short.replace('#', String(signs.length));
    const word = name?.value.toLowerCase() ?? '';
    if (word.length > 3 && password.toLowerCase().includes(word)) return own;
    if (new Set(signs).size < 5 || inRows(signs)) return simple;
    return enough;
  }

  if (field && says) {
    says.hidden = false;
    field.addEventListener('input', () => {
      const words = judge(field.value);
      // Read aloud once, not at every key.
      if (says.textContent !== words) says.textContent = words;
    });
  }
})();
