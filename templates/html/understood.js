/* Which field the cell under the pointer, or the keyboard, gave a value to. */
(() => {
  "use strict";
  const { $, all, data, say } = page;
  const line = $("gives");
  const show = (cell) => {
    line.hidden = !cell;
    if (!cell) return;
    const table = cell.closest("table");
    const row = cell.closest("tr").querySelector("th").textContent;
    const said = [...cell.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.textContent).join("");
    const meant = cell.dataset.v ? ` = ${cell.dataset.v}` : "";
    line.textContent = `${say("understood-gives", { row, text: said })} ${data.fields[table.dataset.sheet][cell.dataset.f]}${meant}`;
  };
  for (const table of all(document, ".paper[data-sheet]")) {
    const cells = all(table, "td[data-f]");
    cells.forEach((cell, rank) => { cell.tabIndex = rank ? -1 : 0; });
    table.addEventListener("mouseover", (event) => show(event.target.closest("td[data-f]")));
    table.addEventListener("mouseleave", () => show(null));
    table.addEventListener("focusin", (event) => show(event.target.closest("td[data-f]")));
    table.addEventListener("focusout", () => show(null));
    table.addEventListener("keydown", (event) => {
      const here = event.target.closest("td[data-f]");
      const rank = cells.indexOf(here);
      const row = here?.parentElement;
      const beside = (step) => {
        for (let other = row[step]; other; other = other[step]) {
          const found = all(other, "td[data-f]");
          if (found.length) return found.find((c) => c.cellIndex >= here.cellIndex) || found[found.length - 1];
        }
        return null;
      };
      const next = { ArrowRight: cells[rank + 1], ArrowLeft: cells[rank - 1],
        ArrowDown: row && beside("nextElementSibling"), ArrowUp: row && beside("previousElementSibling") }[event.key];
      if (!here || !next) return;
      event.preventDefault();
      here.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  }
})();
