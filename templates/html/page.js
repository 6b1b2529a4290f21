/* What every page does: provenance, movement from figure to figure, long lists.
   Without this script a page shows everything it knows but provenance. */
const page = (() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const all = (root, what) => [...root.querySelectorAll(what)];
  const data = JSON.parse($("data").textContent);
  const say = (key, values = {}) => data.i[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const locale = data.lang === "fr" ? "fr-FR" : "en-GB";
  const count = (n) => new Intl.NumberFormat(locale).format(n);
  document.documentElement.classList.add("scripted");

  /* Provenance */
  const dialog = $("proof");
  const make = (tag, text, name) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (name) node.className = name;
    return node;
  };
  const facts = (pairs) => {
    const list = make("dl");
    for (const [key, value, name, address] of pairs) {
      if (value === "" || value === undefined) continue;
      const told = make("dd", address ? undefined : value, name);
      if (address) {
        const link = make("a", value);
        link.href = address;
        told.append(link);
      }
      list.append(make("dt", say(key)), told);
    }
    return list;
  };
  const place = ([where, cell, raw]) => {
    const [book, sheet, form, how, sure, source, address] = data.w[where];
    return facts([
      ["proof-workbook", data.t[book], "", address],
      ["proof-sheet", data.t[sheet]],
      ["proof-cell", cell],
      ["proof-raw", data.t[raw], "raw"],
      ["proof-format", data.t[form]],
      ["proof-how", data.t[how]],
      ["proof-sure", sure >= 100 ? say("js-sure") : say("js-unsure", { share: sure })],
      ["proof-source", data.t[source]],
    ]);
  };
  const proofs = (number, into) => {
    const entry = data.p[number];
    if (entry.length === 2) {
      into.append(facts([["proof-derived", data.t[entry[0]] ?? entry[0]]]));
      for (const input of entry[1]) {
        into.append(make("h3", `${say("proof-inputs")} ${data.t[data.p[input][0]]}`));
        proofs(input, into);
      }
      return;
    }
    into.append(place(entry.slice(1, 4)));
    for (const other of entry[4] || []) into.append(make("h3", say("js-others")), place(other));
  };
  /* What a figure is: its row and column, or what its surroundings say it is. */
  const named = (button) => {
    const cell = button.closest("td, th");
    if (!cell) return [button.closest("[data-what]")?.dataset.what];
    const heads = all(cell.closest("table"), "thead tr:last-child > *");
    const head = heads[cell.cellIndex];
    const title = head && (head.firstElementChild?.getAttribute("aria-label") || head.textContent);
    const first = cell.closest("tr").querySelector("th");
    return [first?.firstElementChild?.textContent || first?.textContent, title];
  };
  const prove = (button) => {
    const cell = button.closest("td, th");
    const what = $("proof-what");
    what.replaceChildren(make("b", button.dataset.of || (cell && shown(cell)) || button.textContent), named(button).filter(Boolean).join(" · "));
    const body = $("proof-body");
    body.replaceChildren();
    proofs(Number(button.dataset.p), body);
    dialog.showModal();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-p]");
    const selecting = event.detail > 0 && window.getSelection().toString();
    if (button && !selecting) prove(button);
    if (event.target === dialog || event.target.id === "proof-close") dialog.close();
  });

  /* One stop of the tabulator in each table; arrows go from figure to figure. */
  const stop = (table) => {
    const seen = table.querySelector("tbody tr:not([hidden]) [data-p]:not([tabindex='-1'])");
    for (const other of all(table, "tbody [data-p]:not([tabindex='-1'])")) if (other !== seen) other.tabIndex = -1;
    const first = seen || table.querySelector("tbody tr:not([hidden]) [data-p]");
    if (first) first.tabIndex = 0;
  };
  all(document, "table").forEach(stop);
  document.addEventListener("keydown", (event) => {
    const here = document.activeElement;
    if (!event.key.startsWith("Arrow") || !here?.matches("tbody [data-p]")) return;
    const next = neighbour(here, event.key);
    if (!next) return;
    event.preventDefault();
    here.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  const neighbour = (here, key) => {
    const row = here.closest("tr");
    const inRow = all(row, "[data-p]");
    const rank = inRow.indexOf(here);
    if (key === "ArrowRight") return inRow[rank + 1];
    if (key === "ArrowLeft") return inRow[rank - 1];
    const column = here.closest("td, th").cellIndex;
    const step = key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
    for (let other = row[step]; other; other = other[step]) {
      const found = !other.hidden && other.cells[column]?.querySelector("[data-p]");
      if (found) return found;
    }
    return null;
  };

  /* What a cell says, without what only eyes or ears need. */
  const shown = (cell) => {
    const rag = cell.querySelector(".rag");
    if (rag) return rag.title;
    const figure = cell.querySelector("[data-p], .missing");
    if (figure) return figure.classList.contains("missing") ? "" : figure.textContent;
    return cell.textContent.trim();
  };

  /* Lists that show their first rows, and all of them when asked. */
  const tops = new Map();
  for (const table of all(document, "table[data-top]")) {
    const rows = all(table, "tbody tr");
    const most = Number(table.dataset.top);
    if (rows.length <= most) continue;
    const button = make("button", "", "plain more");
    button.type = "button";
    const show = (whole) => {
      rows.forEach((row, rank) => { row.hidden = !whole && rank >= most; });
      button.textContent = whole ? say("js-less") : say("js-more", { all: count(rows.length) });
      button.setAttribute("aria-expanded", whole);
    };
    button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
    table.parentElement.after(button);
    show(false);
    tops.set(table, { show, button });
  }
  /* On paper a list is whole, but for what the reader chose to leave out. */
  const printed = (starts) => {
    for (const { show, button } of tops.values()) if (!button.hidden) show(starts || button.dataset.whole === "true");
  };
  window.addEventListener("beforeprint", () => {
    for (const { button } of tops.values()) button.dataset.whole = button.getAttribute("aria-expanded");
    printed(true);
  });
  window.addEventListener("afterprint", () => printed(false));

  /* The section that is looked at. */
  const links = new Map(all(document, 'nav a[href^="#"]').map((a) => [a.hash.slice(1), a]));
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      const link = links.get(entry.target.id);
      link.setAttribute("aria-current", "true");
      const list = link.closest("ul");
      list.scrollLeft = link.offsetLeft - list.clientWidth / 3;
    }
  }, { rootMargin: "-15% 0px -80% 0px" });
  for (const id of links.keys()) if ($(id)) watch.observe($(id));

  /* Rows by the value of a column; what is missing comes last either way. */
  const value = (row, column) => {
    const cell = row.cells[column];
    if (cell.querySelector(".missing")) return null;
    const key = cell.dataset.s ?? cell.textContent;
    return key !== "" && Number.isFinite(Number(key)) ? Number(key) : key;
  };
  const collator = new Intl.Collator(data.lang, { numeric: true });
  const sorted = (rows, column, down) => {
    const keyed = rows.map((row) => [row, value(row, column)]);
    const turn = down ? -1 : 1;
    keyed.sort(([, a], [, b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return turn * (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b));
    });
    return keyed.map(([row]) => row);
  };

  return { $, all, make, data, say, count, locale, shown, sorted, stop, tops };
})();
