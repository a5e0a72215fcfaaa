// Everything that moves in a report. Pages are readable without it.
"use strict";

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// Light or dark: the reader's choice for all pages, or else what the system says.
const root = document.documentElement;
const remember = (scheme) => {
  try {
    localStorage.setItem("thalweg-theme", scheme);
  } catch {
    // Without storage the choice holds for this page.
  }
};
const choose = (scheme) => {
  root.classList.toggle("dark", scheme === "dark");
  root.classList.toggle("light", scheme === "light");
};
try {
  const scheme = localStorage.getItem("thalweg-theme");
  if (scheme) choose(scheme);
} catch {
  // The system's scheme stays.
}
document.getElementById("theme")?.addEventListener("click", () => {
  const dark = root.classList.contains("dark")
    || (!root.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches);
  choose(dark ? "light" : "dark");
  remember(dark ? "light" : "dark");
});

// Tables sort by the column whose head is clicked; a second click turns the order around.
for (const table of all("table.sortable")) {
  const heads = all("th", table);
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const body = table.tBodies[0];
      const key = (row) => row.cells[column].dataset.sort;
      const numbers = all("tr", body).every((row) => key(row) !== "" && !Number.isNaN(Number(key(row))));
      const order = (a, b) => (numbers ? Number(key(a)) - Number(key(b)) || 0 : key(a).localeCompare(key(b)));
      all("tr", body)
        .sort((a, b) => (up ? order(a, b) : order(b, a)))
        .forEach((row) => body.append(row));
    });
  });
}

// One ranking is seen at a time; arrows move between tabs.
for (const list of all('[role="tablist"]')) {
  const tabs = all('[role="tab"]', list);
  const select = (chosen) => {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", tab === chosen);
      tab.tabIndex = tab === chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
    }
  };
  tabs.forEach((tab, k) => {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(k + step + tabs.length) % tabs.length];
      select(next);
      next.focus();
    });
  });
  if (tabs.length) select(tabs[0]);
}

// A legend's names point at their series and switch them.
for (const holder of all("[data-shown]")) {
  const svg = holder.querySelector("svg.plot");
  const keys = all(".key", svg);
  const series = (key) => all(".series", svg).filter((own) => own.dataset.series === key.dataset.key);
  const turn = (key, on) => {
    key.classList.toggle("off", !on);
    key.setAttribute("aria-pressed", on);
    series(key).forEach((own) => own.classList.toggle("off", !on));
  };
  keys.forEach((key, k) => {
    key.setAttribute("role", "button");
    key.setAttribute("tabindex", "0");
    turn(key, k < Number(holder.dataset.shown));
    const point = (on) => {
      svg.classList.toggle("point", on);
      series(key).forEach((own) => own.classList.toggle("pointed", on));
    };
    key.addEventListener("pointerenter", () => point(true));
    key.addEventListener("pointerleave", () => point(false));
    key.addEventListener("focus", () => point(true));
    key.addEventListener("blur", () => point(false));
    key.addEventListener("click", () => turn(key, key.classList.contains("off")));
    key.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      turn(key, key.classList.contains("off"));
    });
  });
}

// Ways grow with the step; early steps, where most happens, get as much of the slider as late ones.
for (const player of all(".player")) {
  const slider = player.querySelector("input");
  const play = player.querySelector(".play");
  const output = player.querySelector("output");
  const steps = Number(player.dataset.steps);
  const ways = all(".series", player).map((group) => {
    const lines = all("path", group);
    const points = [...lines[0].getAttribute("d").matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)];
    return { lines, head: group.querySelector(".head"), points };
  });
  const stepAt = (share) => Math.max(1, Math.round(Math.exp(share * Math.log(steps))));
  const show = (step) => {
    for (const { lines, head, points } of ways) {
      if (!points.length) continue;
      const seen = points.slice(0, step);
      const data = seen.map(([, x, y], k) => `${k ? "L" : "M"}${x} ${y}`).join("");
      lines.forEach((line) => line.setAttribute("d", data));
      const [, x, y] = seen[seen.length - 1];
      head?.setAttribute("cx", x);
      head?.setAttribute("cy", y);
    }
    output.textContent = step >= steps ? "all steps" : `step ${step - 1}`;
  };
  slider.addEventListener("input", () => show(stepAt(slider.value / 1000)));
  let running = null;
  const stop = () => {
    cancelAnimationFrame(running);
    running = null;
    play.textContent = "▶";
    play.setAttribute("aria-label", "Play");
  };
  play.addEventListener("click", () => {
    if (running !== null) return stop();
    if (Number(slider.value) >= 1000) slider.value = 0;
    play.textContent = "❚❚";
    play.setAttribute("aria-label", "Pause");
    let last = performance.now();
    let share = slider.value / 1000;
    const frame = (now) => {
      share = Math.min(1, share + (now - last) / 9000);
      last = now;
      slider.value = 1000 * share;
      show(stepAt(share));
      running = share < 1 ? requestAnimationFrame(frame) : null;
      if (running === null) stop();
    };
    running = requestAnimationFrame(frame);
  });
}
