// A look at the page that is open, in day and night, on a phone and on a wide screen: no accessibility finding of
// WCAG 2.2 AA, no sideways scrolling, nothing inline, nothing that the strict content policy had to refuse.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { shot } from './support.mjs';

const AXE = createRequire(import.meta.url)('axe-core').source;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const WIDTHS = [320, 1440];
const SCHEMES = ['light', 'dark'];

/** Without loading the page again. */
export async function look({ page, violations, assertClean }, name, { status } = {}) {
  if (status) assert.equal(page.lastStatus, status, `status of ${name}`);
  assertClean();
  assert.equal(await page.locator('h1').count(), 1, `one h1 on ${name}`);
  assert.equal(await page.locator('[style], style, script:not([src])').count(), 0, `nothing inline on ${name}`);
  for (const colorScheme of SCHEMES) {
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      const seen = `${name}, ${colorScheme}, ${width} px`;
      const content = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(content <= width, `${seen}: scrolls sideways, the content is ${content} px wide`);
      const findings = await page.evaluate(`${AXE}; axe.run(document, { runOnly: ${JSON.stringify(TAGS)}, preload: false })
        .then((result) => result.violations.map((each) => each.id + ': ' + each.help + '\\n  ' + each.nodes.map((node) => node.html + '\\n    ' + node.failureSummary).join('\\n  ')))`);
      assert.deepEqual(findings, [], seen);
      await shot(page, `${name.replaceAll(' ', '-')}-${colorScheme}-${width}`);
    }
  }
  violations.length = 0; // axe itself may touch styles
}
