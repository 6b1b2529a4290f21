/* Sorting, filtering, provenance. Without this script the page shows everything it knows but provenance. */
(() => {
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
    for (const [key, value, name] of pairs) {
      if (value === "" || value === undefined) continue;
      list.append(make("dt", say(key)), make("dd", value, name));
    }
    return list;
  };
  const place = ([book, sheet, cell, raw, form, how, sure, source]) => facts([
    ["proof-workbook", data.t[book]],
    ["proof-sheet", data.t[sheet]],
    ["proof-cell", cell],
    ["proof-raw", data.t[raw], "raw"],
    ["proof-format", data.t[form]],
    ["proof-how", data.t[how]],
    ["proof-sure", sure >= 100 ? say("js-sure") : say("js-unsure", { share: sure })],
    ["proof-source", data.t[source]],
  ]);
  const proofs = (number, into) => {
    const entry = data.p[number];
    if (entry.length === 2) {
      into.append(facts([["proof-derived", data.t[entry[0]]]]));
      for (const input of entry[1]) {
        into.append(make("h3", `${say("proof-inputs")} ${data.t[data.p[input][0]]}`));
        proofs(input, into);
      }
      return;
    }
    into.append(place(entry.slice(1, 9)));
    for (const other of entry[9] || []) into.append(make("h3", say("js-others")), place(other));
  };
  const prove = (button) => {
    const row = button.closest("tr");
    const cell = button.closest("td, th");
    const table = button.closest("table");
    const heads = table ? all(table, "thead tr:last-child > *") : [];
    const head = heads[cell.cellIndex];
    const title = head && (head.firstElementChild?.getAttribute("aria-label") || head.textContent);
    const name = row.querySelector("th")?.firstElementChild?.textContent || row.querySelector("th")?.textContent;
    const what = $("proof-what");
    what.replaceChildren(make("b", shown(cell) || button.textContent), [name, title].filter(Boolean).join(" · "));
    const body = $("proof-body");
    body.replaceChildren();
    proofs(Number(button.dataset.p), body);
    dialog.showModal();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-p]");
    if (button && !window.getSelection().toString()) prove(button);
    if (event.target === dialog || event.target.id === "proof-close") dialog.close();
  });

  /* One stop of the tabulator in each table; arrows go from figure to figure. */
  for (const table of all(document, "table")) {
    const buttons = all(table, "tbody [data-p]");
    buttons.forEach((button, rank) => { if (rank) button.tabIndex = -1; });
  }
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

  /* The matrix of risks lists what is in a cell. */
  const risks = $("risk-list");
  for (const button of all(document, ".matrix [data-cell]")) {
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      for (const other of all(document, ".matrix [data-cell]")) other.setAttribute("aria-pressed", other === button && on);
      const top = tops.get(risks);
      if (top) top.button.hidden = on;
      for (const row of all(risks, "tbody tr")) row.hidden = on && row.dataset.cell !== button.dataset.cell;
      if (!on && top) top.show(false);
    });
  }

  /* The section that is looked at. */
  const links = new Map(all(document, "nav a").map((a) => [a.hash.slice(1), a]));
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

  /* The portfolio's table: sort, filter, sums, address */
  const table = $("portfolio");
  const form = $("filters");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const texts = new Map(rows.map((row) => [row, fold([...row.cells].map((c) => c.textContent).join(" "))]));
  const order = { column: -1, down: false };

  const value = (row, column) => {
    const cell = row.cells[column];
    if (cell.querySelector(".missing")) return null;
    const key = cell.dataset.s ?? cell.textContent;
    return key !== "" && Number.isFinite(Number(key)) ? Number(key) : key;
  };
  const collator = new Intl.Collator(data.lang, { numeric: true });
  const sorted = () => {
    if (order.column < 0) return rows;
    const keyed = rows.map((row) => [row, value(row, order.column)]);
    const turn = order.down ? -1 : 1;
    keyed.sort(([, a], [, b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return turn * (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b));
    });
    return keyed.map(([row]) => row);
  };
  const kilo = (sum) => {
    const thousands = sum / 1000;
    const digits = Math.abs(thousands) > 0 && Math.abs(thousands) < 10 && thousands.toFixed(1) !== `${Math.round(thousands)}.0` ? 1 : 0;
    const text = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(Math.abs(thousands));
    return (thousands < 0 ? "\u2212" : "") + data.kilo.replace("{n}", text);
  };
  const sums = (visible) => {
    for (const foot of table.tFoot?.rows || []) {
      const own = visible.filter((row) => row.dataset.b === foot.dataset.b);
      foot.hidden = !own.length;
      for (const cell of all(foot, "[data-k]")) {
        const known = own.map((row) => row.cells[10 + Number(cell.dataset.k)].dataset.s).filter((s) => s !== undefined);
        const total = known.reduce((sum, s) => sum + Number(s), 0);
        cell.replaceChildren(known.length ? kilo(total) : "–");
        if (known.length) cell.append(make("small", say("known-among", { known: count(known.length), among: count(visible.length) })));
      }
    }
  };
  const wanted = () => {
    const state = new URLSearchParams();
    for (const [name, chosen] of new FormData(form)) {
      if (name === "late") state.set("late", "1");
      else if (name === "q" ? chosen.trim() : chosen !== "*") state.set(name, chosen);
    }
    if (order.column >= 0) state.set("sort", `${order.down ? "-" : ""}${order.column}`);
    return state;
  };
  const passes = (row, state) => {
    for (const [name, chosen] of state) {
      if (name === "sort") continue;
      if (name === "q") {
        if (!fold(chosen).split(/\s+/).every((word) => texts.get(row).includes(word))) return false;
      } else if (row.getAttribute(`data-${name}`) !== chosen) return false;
    }
    return true;
  };
  const update = (keep = true) => {
    const state = wanted();
    const visible = [];
    for (const row of rows) {
      row.hidden = !passes(row, state);
      if (!row.hidden) visible.push(row);
    }
    const said = { shown: count(visible.length), all: count(rows.length) };
    $("count").textContent = say(visible.length === rows.length ? "js-all" : "js-count", said);
    sums(visible);
    if (keep) remember(state);
  };
  const arrange = () => {
    body.append(...sorted());
    all(table, "thead th").forEach((head) => head.removeAttribute("aria-sort"));
    const button = table.querySelector(`[data-sort="${order.column}"]`);
    button?.closest("th").setAttribute("aria-sort", order.down ? "descending" : "ascending");
  };
  const remember = (state) => {
    const query = state.toString();
    const hash = query ? `#projects?${query}` : "#projects";
    try { history.replaceState(null, "", hash); } catch { location.replace(hash); }
  };
  let recalling = false;
  const recall = () => {
    const [where, query] = location.hash.slice(1).split("?");
    if (where !== "projects" || query === undefined) return;
    const state = new URLSearchParams(query);
    recalling = true;
    form.reset();
    recalling = false;
    for (const field of form.elements) {
      if (!field.name || !state.has(field.name)) continue;
      if (field.type === "checkbox") field.checked = true;
      else field.value = state.get(field.name);
      const folded = field.closest("details");
      if (folded) folded.open = true;
    }
    const sort = state.get("sort");
    order.column = sort === null ? -1 : Math.abs(parseInt(sort, 10));
    order.down = sort !== null && sort.startsWith("-");
    arrange();
    update(false);
    $("projects").scrollIntoView({ behavior: "instant" });
  };
  form.addEventListener("input", () => update());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    if (recalling) return;
    setTimeout(() => {
      order.column = -1;
      arrange();
      update();
    });
  });
  table.tHead.addEventListener("click", (event) => {
    const button = event.target.closest(".sort");
    if (!button) return;
    const column = Number(button.dataset.sort);
    order.down = order.column === column && !order.down;
    order.column = column;
    arrange();
    update();
  });
  for (const button of all($("containers") || document.createElement("p"), ".sort")) button.replaceWith(...button.childNodes);

  /* A copy that Excel reads: plain numbers would lose their unit, so what is shown is copied. */
  const safe = (text) => (/^[=+@\t\r-]/.test(text) ? `'${text}` : text);
  $("copy").addEventListener("click", () => {
    const heads = [...table.tHead.rows[1].cells].map((c) => c.firstElementChild.getAttribute("aria-label") || c.textContent);
    const lines = [["Code", ...heads]];
    for (const row of body.rows) {
      if (row.hidden) continue;
      const code = row.cells[0].querySelector("small")?.textContent.trim() || "";
      const name = row.cells[0].firstElementChild?.matches("[data-p]") ? row.cells[0].firstElementChild.textContent : "";
      lines.push([safe(code), safe(name), ...[...row.cells].slice(1).map((c) => safe(shown(c)))]);
    }
    const text = lines.map((line) => line.map((one) => one.replace(/[\t\r\n]+/g, " ")).join("\t")).join("\r\n");
    const put = (event) => {
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
    };
    document.addEventListener("copy", put, { once: true });
    if (document.execCommand("copy")) $("count").textContent = say("js-copied");
    document.removeEventListener("copy", put);
  });
  window.addEventListener("hashchange", recall);
  update(false);
  recall();
})();
