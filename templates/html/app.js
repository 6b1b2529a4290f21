/* What only the portfolio's index does: its matrix, sorting, filters, sums, address, copy. */
(() => {
  "use strict";
  const { $, all, make, data, say, count, locale, shown, tops } = page;

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
      page.stop(risks);
    });
  }

  /* The portfolio's table: sort, filter, sums, address */
  const table = $("portfolio");
  const form = $("filters");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const texts = new Map(rows.map((row) => [row, fold([...row.cells].map((c) => c.textContent).join(" "))]));
  const order = { column: -1, down: false };

  const sorted = () => (order.column < 0 ? rows : page.sorted(rows, order.column, order.down));
  const kilo = (sum) => {
    const thousands = sum / 1000;
    const digits = Math.abs(thousands) > 0 && Math.abs(thousands) < 10 && thousands.toFixed(1) !== `${Math.round(thousands)}.0` ? 1 : 0;
    const text = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(Math.abs(thousands));
    return (thousands < 0 ? "\u2212" : "") + data.kilo.replace("{n}", text);
  };
  /* A sum of what is shown: it tells its first cells, as any figure does. */
  const FIRST = 3;
  const slots = new Map();
  const proved = (cell, text, known) => {
    const inputs = known.map((one) => one.querySelector("[data-p]")?.dataset.p).filter((p) => p !== undefined);
    if (!inputs.length) return text;
    const formula = say("js-sum", { all: count(known.length), first: count(Math.min(FIRST, inputs.length)) });
    const slot = slots.get(cell) ?? data.p.length;
    slots.set(cell, slot);
    data.p[slot] = [formula, inputs.slice(0, FIRST).map(Number)];
    const button = make("button", text);
    button.dataset.p = slot;
    return button;
  };
  const sums = (visible) => {
    for (const foot of table.tFoot?.rows || []) {
      const own = visible.filter((row) => row.dataset.b === foot.dataset.b);
      foot.hidden = !own.length;
      for (const cell of all(foot, "[data-k]")) {
        const known = own.map((row) => row.cells[10 + Number(cell.dataset.k)]).filter((one) => one.dataset.s !== undefined);
        const total = known.reduce((sum, one) => sum + Number(one.dataset.s), 0);
        cell.replaceChildren(known.length ? proved(cell, kilo(total), known) : "–");
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
    page.stop(table);
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
    const column = Math.abs(parseInt(sort, 10));
    order.column = table.querySelector(`[data-sort="${column}"]`) ? column : -1;
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

  /* A copy that Excel reads: bare numbers under a head that tells their unit, the rest as shown. */
  const safe = (text) => (/^[=+@\t\r-]/.test(text) ? `'${text}` : text);
  const bare = new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 2 });
  const copied = (cell, unit) => {
    if (!unit || cell.dataset.s === undefined) return safe(shown(cell));
    return bare.format(Number(cell.dataset.s) * (unit === "%" ? 100 : 1));
  };
  $("copy").addEventListener("click", () => {
    const buttons = [...table.tHead.rows[1].cells].map((c) => c.firstElementChild);
    const units = buttons.map((b) => b.dataset.unit);
    const heads = buttons.map((b) => (b.getAttribute("aria-label") || b.textContent) + (b.dataset.unit ? ` (${b.dataset.unit})` : ""));
    const lines = [["Code", ...heads]];
    for (const row of body.rows) {
      if (row.hidden) continue;
      const code = row.cells[0].querySelector("small")?.textContent.trim() || "";
      const name = row.cells[0].querySelector("[data-of]")?.dataset.of || "";
      lines.push([safe(code), safe(name), ...[...row.cells].slice(1).map((c, rank) => copied(c, units[rank + 1]))]);
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
  /* The page of a project leads back to the view it was opened from. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.page");
    if (link) link.hash = location.hash.startsWith("#projects?") ? location.hash : "";
  });
  window.addEventListener("hashchange", recall);
  update(false);
  recall();
})();
