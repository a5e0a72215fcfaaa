// Opens every page of a report, or of any folder of pages, in headless Chromium, and fails on errors in its console, on
// pictures that do not load, and on a play button that moves nothing.
//
// node check.mjs FOLDER [SCREENSHOTS]; `playwright-core` must be installed where node finds it.
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [folder, screenshots] = process.argv.slice(2);
// API docs are rustdoc's; `print.html` holds all chapters once more, `toc.html` is a frame of the others, and `404.html` is for a server.
const skipped = /^api\/|^(print|toc|404)\.html$/;
const pages = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".html") && !skipped.test(name));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const problems = [];
let moved = 0;
for (const [colorScheme, width] of [["light", 1200], ["dark", 390]]) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, offline: true });
  for (const name of pages) {
    const page = await context.newPage();
    const report = (text) => problems.push(`${name} (${colorScheme}, ${width}): ${text}`);
    page.on("console", (message) => message.type() === "error" && report(message.text()));
    page.on("pageerror", (error) => report(error.message));
    await page.goto(pathToFileURL(resolve(folder, name)).href);
    const broken = await page.$$eval("img", (all) => all.filter((i) => !i.naturalWidth).map((i) => i.src));
    broken.forEach((source) => report(`the picture ${source.slice(0, 80)} does not load`));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 1) report(`the page is ${overflow} pixels wider than the window`);
    const play = await page.$(".player .play");
    if (play && width === 1200) {
      const way = page.locator(".player .series:not(.off) path.line").first();
      const before = await way.getAttribute("d");
      await play.click();
      await page.waitForTimeout(300);
      const after = await way.getAttribute("d");
      if (before === after) report("the play button moves nothing");
      else moved += 1;
      await play.click();
    }
    if (screenshots) {
      await page.screenshot({ path: `${screenshots}/${name.replaceAll("/", "-")}-${colorScheme}.png` });
    }
    await page.close();
  }
  await context.close();
}
await browser.close();
console.log(`${pages.length} pages opened twice, ${moved} ways moved`);
if (problems.length) {
  console.error(problems.join("\n"));
  process.exit(1);
}
