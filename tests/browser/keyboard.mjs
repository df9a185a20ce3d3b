// A person without a mouse: Tab leads everywhere, Enter does it.
import assert from 'node:assert/strict';

const PRESSES_MAX = 80;

/** Works with and without scripts, as it asks the browser and not the page. */
export function byKeyboard(page) {
  const focused = async (selector) => await page.locator(`${selector}:focus`).count() === 1;
  const tabTo = async (selector) => {
    for (let presses = 0; presses < PRESSES_MAX; presses += 1) {
      if (await focused(selector)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`${selector} is not reached by Tab on ${page.url()}`);
  };
  return {
    tabTo,
    /** Writes into a field that Tab leads to. */
    write: async (selector, text) => {
      await tabTo(selector);
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
    },
    /** Enter, and the page that follows: that of an address, where one is named. */
    enter: async (arrived) => {
      const follows = arrived ? page.waitForURL(arrived) : page.waitForEvent('domcontentloaded');
      await Promise.all([follows, page.keyboard.press('Enter')]);
      await page.waitForLoadState();
    },
  };
}
