// Asks the browser for a passkey or a security key and sends what it answers as the form around the button.
// A form says what it does: data-passkey="get" or "create", data-options where the question comes from, and
// data-in-field where the browser may offer passkeys in the field of the user name.
(() => {
  'use strict';

  // A question counts for five minutes; one that waits in a field is asked anew before.
  const ASK_AGAIN_MS = 4 * 60 * 1000;

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b)).join(''))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

  const withBytes = (options) => {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const known of [...(options.allowCredentials ?? []), ...(options.excludeCredentials ?? [])]) known.id = bytes(known.id);
    return options;
  };

  const written = (credential) => {
    const { response } = credential;
    const answer = { clientDataJSON: text(response.clientDataJSON) };
    if (response.attestationObject) {
      answer.attestationObject = text(response.attestationObject);
      answer.transports = response.getTransports?.() ?? [];
    } else {
      answer.authenticatorData = text(response.authenticatorData);
      answer.signature = text(response.signature);
      answer.userHandle = response.userHandle ? text(response.userHandle) : null;
    }
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response: answer, clientExtensionResults: {},
    });
  };

  const say = (form, which) => {
    for (const words of form.querySelectorAll('[data-said]')) words.hidden = words.dataset.said !== which;
  };

  const question = async (form, kind, signal) => {
    const body = new URLSearchParams(new FormData(form));
    body.delete('credential');
    if (kind) body.set('kind', kind);
    const answer = await fetch(form.dataset.options, { method: 'POST', body, signal });
    // Somebody took the step in another tab: look where it leads.
    if (answer.redirected) {
      location.assign(answer.url);
      return null;
    }
    if (!answer.ok) throw new Error(`no question: ${answer.status}`);
    return answer.json();
  };

  const ask = async (form, { kind, signal, mediation }) => {
    const asked = await question(form, kind, signal);
    if (!asked) return false;
    const request = { publicKey: withBytes(asked.options), signal, ...(mediation && { mediation }) };
    const credential = await navigator.credentials[form.dataset.passkey](request);
    form.elements.challenge.value = asked.challenge;
    form.elements.credential.value = written(credential);
    form.submit();
    return true;
  };

  // Passkeys among the suggestions of the field, until the button is pressed.
  const offerInField = async (form) => {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return () => {};
    let waiting = new AbortController();
    let timer = 0;
    const offer = async () => {
      waiting = new AbortController();
      timer = setTimeout(() => { waiting.abort(); offer(); }, ASK_AGAIN_MS);
      try {
        await ask(form, { signal: waiting.signal, mediation: 'conditional' });
      } catch {
        // Nothing was chosen there; the button and the password still stand.
      }
    };
    offer();
    return () => { clearTimeout(timer); waiting.abort(); };
  };

  const start = async (form) => {
    form.hidden = false;
    let stopOffering = () => {};
    if ('inField' in form.dataset) offerInField(form).then((stop) => { stopOffering = stop; });
    for (const button of form.querySelectorAll('[data-ask]')) {
      button.addEventListener('click', async () => {
        stopOffering();
        button.disabled = true;
        say(form, 'waiting');
        try {
          await ask(form, { kind: button.dataset.ask });
        } catch (error) {
          const why = { NotAllowedError: 'cancelled', AbortError: 'cancelled', InvalidStateError: 'known' };
          say(form, why[error.name] ?? 'failed');
          button.disabled = false;
          button.focus();
        }
      });
    }
    // Enter in a field is the first button, never a form without an answer.
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      form.querySelector('[data-ask]').click();
    });
  };

  if (!window.PublicKeyCredential) return;
  document.querySelectorAll('form[data-passkey]').forEach(start);
})();
