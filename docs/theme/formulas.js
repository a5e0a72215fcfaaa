// Formulas are written as code, `$…$` in a line and blocks of the language `math`, so that Markdown leaves them alone.
"use strict";

addEventListener("DOMContentLoaded", () => {
  for (const code of document.querySelectorAll("code.language-math")) {
    const block = document.createElement("div");
    block.className = "math";
    katex.render(code.textContent, block, { displayMode: true, throwOnError: true });
    code.closest("pre").replaceWith(block);
  }
  for (const code of document.querySelectorAll(":not(pre) > code")) {
    const text = code.textContent;
    if (text.length < 3 || !text.startsWith("$") || !text.endsWith("$")) continue;
    const span = document.createElement("span");
    katex.render(text.slice(1, -1), span, { throwOnError: true });
    code.replaceWith(span);
  }
});
