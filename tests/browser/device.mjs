// Chromium's own virtual authenticators, which are touched as soon as they blink.

/** What a browser's page can plug in and take out. Where a journey is about the button, `inField` stays off: the device
 *  would answer in the field of the user name first. */
export async function devices({ context, page }, { inField = false } = {}) {
  if (!inField) await page.addInitScript(() => { PublicKeyCredential.isConditionalMediationAvailable = async () => false; });
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  return {
    plugIn: async (options) => {
      const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
        options: { protocol: 'ctap2', automaticPresenceSimulation: true, ...options },
      });
      return { takeOut: () => devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }) };
    },
  };
}

/** A laptop or a phone that verifies its owner and keeps passkeys. */
export const platform = { transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
/** A key that is only touched. */
export const key = { transport: 'usb', hasResidentKey: false, hasUserVerification: false, isUserVerified: false };
