"use strict";
// Draws the hits. Every text goes into the page as text (textContent), never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const HEIGHT = 50; // of a row of the list, as in the style
  const MOST_PRINTED = 500;
  const byId = (id) => document.getElementById(id);
  const list = byId("list"), space = byId("space"), detail = byId("detail"), filter = byId("filter");
  const hits = data.hits.map(([entity, hit], number) => ({ ...hit, number, entity: data.entities[entity] }));

  // --- building elements ---------------------------------------------------------------------------------------
  function el(name, cls, ...children) {
    const e = document.createElement(name);
    if (cls) e.className = cls;
    e.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
    return e;
  }
  const score = (s) => s.toFixed(3);
  const regions = new Intl.DisplayNames(["en"], { type: "region" });
  function country(code) {
    if (!/^[a-z]{2}$/i.test(code)) return code;
    try { return `${regions.of(code.toUpperCase())} (${code.toLowerCase()})`; } catch { return code; }
  }

  // A name with the parts that matched marked: alike, or nearly.
  function marked(hit, text, marks) {
    const parts = document.createDocumentFragment();
    let at = 0;
    for (const [from, to, pair] of marks || []) {
      if (from < at) continue;
      parts.append(text.slice(at, from));
      const mark = el("mark", hit.pairs[pair][3] >= 0.995 ? "same" : "near", text.slice(from, to));
      mark.dataset.pair = pair;
      parts.append(mark);
      at = to;
    }
    parts.append(text.slice(at));
    return parts;
  }

  // Two words with the letters that differ told apart (longest common subsequence).
  function differences(a, b) {
    const [x, y] = [[...a], [...b]];
    const t = Array.from({ length: x.length + 1 }, () => new Uint16Array(y.length + 1));
    for (let i = x.length - 1; i >= 0; i--)
      for (let j = y.length - 1; j >= 0; j--)
        t[i][j] = x[i] === y[j] ? t[i + 1][j + 1] + 1 : Math.max(t[i + 1][j], t[i][j + 1]);
    const out = [[], []];
    const add = (side, c, other) => {
      const last = out[side].at(-1);
      if (last && last[1] === other) last[0] += c;
      else out[side].push([c, other]);
    };
    let i = 0, j = 0;
    while (i < x.length || j < y.length) {
      if (i < x.length && j < y.length && x[i] === y[j]) { add(0, x[i++], false); add(1, y[j++], false); }
      else if (j >= y.length || (i < x.length && t[i + 1][j] >= t[i][j + 1])) add(0, x[i++], true);
      else add(1, y[j++], true);
    }
    return out.map((parts) => parts.map(([text, other]) => (other ? el("span", "other", text) : text)));
  }

  // --- the list ------------------------------------------------------------------------------------------------
  let view = [], chosen = null, drawn = [-1, -1];

  const CHANGES = { new: "alarm", changed: "alarm", gone: "good" };
  const tags = (hit) => [
    hit.change ? el("span", `tag ${CHANGES[hit.change]}`, hit.change) : null,
    hit.accepted ? el("span", "tag good", "accepted") : null,
    hit.cleared ? el("span", "tag", `cleared by ${hit.cleared.replaceAll(";", ", ").replaceAll("_", " ")}`) : null,
  ];

  function rowOf(hit, place) {
    const row = el("div", "hit row");
    row.id = `hit-${hit.number}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(hit === chosen));
    row.setAttribute("aria-posinset", String(place + 1));
    row.setAttribute("aria-setsize", String(view.length));
    row.style.top = `${place * HEIGHT}px`;
    const bar = el("i");
    bar.style.width = `${Math.round((hit.score - 0.5) * 200)}%`; // no threshold lies below 0.5
    const under = [`row ${hit.row}`, hit.id, ...(hit.fields || []).filter(([f]) => f !== "schema").map(([, v]) => v.join(", "))];
    const e = hit.entity;
    const about = [data.lists[e.list], e.schema, e.programs.join(", ")];
    if (e.names[0][0] !== hit.matched) about.unshift(e.names[0][0]);
    row.append(
      el("div", "", el("span", "score", score(hit.score)), el("div", "meter", bar)),
      el("div", "",
        el("div", "name", marked(hit, hit.query, hit.marks_query), ...tags(hit)),
        el("div", "under", under.filter(Boolean).join(" · "))),
      el("div", "",
        el("div", "name", hit.by === "identifier" ? el("span", "tag alarm", hit.matched) : marked(hit, hit.matched, hit.marks_list)),
        el("div", "under", about.filter(Boolean).join(" · "))));
    row.addEventListener("mousedown", () => choose(place));
    return row;
  }

  function draw(force) {
    const from = Math.max(0, Math.floor(list.scrollTop / HEIGHT) - 8);
    const to = Math.min(view.length, Math.ceil((list.scrollTop + list.clientHeight) / HEIGHT) + 8);
    if (!force && from === drawn[0] && to === drawn[1]) return;
    drawn = [from, to];
    space.replaceChildren(...view.slice(from, to).map((hit, i) => rowOf(hit, from + i)));
    if (chosen) list.setAttribute("aria-activedescendant", `hit-${chosen.number}`);
    else list.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    chosen = view[place] || null;
    if (chosen) {
      const top = place * HEIGHT;
      if (top < list.scrollTop) list.scrollTop = top;
      if (top + HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = top + HEIGHT - list.clientHeight;
    }
    draw(true);
    detail.replaceChildren(chosen ? describe(chosen, true) : el("p", "empty", hits.length ? "No hit passes the filter." : "No hits."));
    detail.scrollTop = 0;
  }

  // --- one hit -------------------------------------------------------------------------------------------------
  function facts(pairs) {
    const dl = el("dl", "facts");
    for (const [label, values] of pairs) {
      if (!values.length) continue;
      dl.append(el("dt", "", label), el("dd", "", values.length === 1 ? values[0] : el("ul", "", ...values.map((v) => el("li", "", v)))));
    }
    return dl;
  }

  const LOSSES = [["matched", 0, "matched"], ["unlike", 1, "unlike spelling"], ["contradiction", 2, "contradiction"], ["omission", 3, "missing on one side"], ["order", 4, "order"]];

  function why(hit) {
    const out = document.createDocumentFragment();
    if (!hit.pairs) {
      out.append(el("p", "", "Both carry the same identifier, which is a hit whatever the names: ", el("b", "", hit.matched), "."));
      return out;
    }
    const table = el("table", "grid why", el("tr", "", ...["Counterparty", "Listed", "How", "Alike", "Weight", "What it is"].map((h, i) => el("th", i === 3 || i === 4 ? "number" : "", h))));
    hit.pairs.forEach(([q, n, way, likeness, weight, what], number) => {
      const [a, b] = likeness < 0.995 && way !== "initial" && way !== "same meaning" ? differences(q, n) : [[q], [n]];
      const tr = el("tr", "", el("td", "", ...a), el("td", "", ...b), el("td", "way", way), el("td", "number", likeness.toFixed(2)), el("td", "number", weight.toFixed(2)), el("td", "soft", what));
      tr.dataset.pair = number;
      table.append(tr);
    });
    for (const [side, rest] of [[0, hit.only_query], [1, hit.only_list]]) {
      for (const [text, what, weight] of rest) {
        table.append(el("tr", "left", el("td", "", side === 0 ? text : "–"), el("td", "", side === 1 ? text : "–"), el("td", "way", side === 0 ? "only in the counterparty" : "only in the list"), el("td"), el("td", "number", weight.toFixed(2)), el("td", "", what)));
      }
    }
    out.append(table);
    const [matched, , , , order, scarcity, name] = hit.sums;
    const amounts = hit.sums.slice(0, 5).map((s, i) => (i === 0 ? matched : i === 4 ? order : s * scarcity));
    const total = amounts.reduce((a, b) => a + b, 0) || 1;
    const bar = el("div", "sums"), key = el("div", "key");
    for (const [cls, i, label] of LOSSES) {
      if (amounts[i] <= 0) continue;
      const part = el("i", cls);
      part.style.width = `${(amounts[i] / total) * 100}%`;
      bar.append(part);
      key.append(el("span", "", el("i", cls), `${label} ${amounts[i].toFixed(3)}`));
    }
    key.append(el("span", "", `score of the names ${name.toFixed(4)}`));
    if (scarcity > 1) key.append(el("span", "", `losses count ×${scarcity.toFixed(2)}: little matched`));
    out.append(bar, key);
    return out;
  }

  // What the entries of one party on several lists share is the first of them.
  const entry = (hit) => `${data.lists[hit.entity.list]}:${hit.entity.id}`;

  function describe(hit, onScreen) {
    const e = hit.entity, out = el("article");
    const title = el("div", "title", el("span", "score", score(hit.score)),
      el("span", "tag", e.schema), el("span", "tag", data.lists[e.list]),
      ...e.programs.slice(0, 4).map((p) => el("span", "tag", p)),
      hit.by === "identifier" ? el("span", "tag alarm", "same identifier") : null,
      ...tags(hit));
    if (onScreen) {
      const step = (text, by, label) => {
        const b = el("button", "screen-only", text);
        b.type = "button";
        b.title = label;
        b.addEventListener("click", () => move(by));
        return b;
      };
      title.append(el("span", "spring"), step("↑", -1, "The hit before (k)"), step("↓", 1, "The next hit (j)"));
    }
    out.append(title);
    if (hit.accepted) out.append(el("p", "notice", hit.accepted));
    const idOf = [`row ${hit.row}`, hit.id].filter(Boolean).join(" · ");
    const primary = e.names[0][0];
    out.append(el("div", "sides",
      el("div", "side", el("div", "what", "Counterparty"), el("div", "big", marked(hit, hit.query, hit.marks_query)), el("div", "under", idOf)),
      el("div", "side", el("div", "what", "Listed"),
        el("div", "big", hit.by === "identifier" ? primary : marked(hit, hit.matched, hit.marks_list)),
        el("div", "under", hit.by === "name" && primary !== hit.matched ? `a name of ${primary} · ${e.id}` : e.id))));
    out.append(el("h3", "", "Why"), why(hit));

    const found = new Map((hit.evidence || []).map(([field, finding, effect]) => [field, [finding, effect]]));
    const given = new Map(hit.fields || []);
    const rows = [];
    const compare = (label, field, mine, theirs) => {
      const evidence = found.get(field);
      if (!mine.length && !evidence) return;
      const cls = !evidence ? "soft" : evidence[1] > 0 ? "up" : "down";
      const effect = !evidence ? "not compared" : `${evidence[0]} (${evidence[1] > 0 ? "+" : ""}${evidence[1].toFixed(2)})`;
      rows.push(el("tr", "", el("td", "soft", label), el("td", "", mine.join(", ") || "–"), el("td", "", theirs.join(", ") || "–"), el("td", cls, effect)));
    };
    const fact = new Map(e.facts);
    compare("born", "birth date", given.get("born") || [], fact.get("born") || fact.get("founded") || []);
    compare("country", "country", (given.get("country") || []).map(country), e.countries.map(country));
    compare("gender", "gender", given.get("gender") || [], fact.get("gender") || []);
    compare("kind", "schema", given.get("schema") || [], [e.schema]);
    if (given.has("identifier")) {
      const same = hit.by === "identifier";
      rows.push(el("tr", "", el("td", "soft", "identifier"), el("td", "", given.get("identifier").join(", ")), el("td", "", same ? hit.matched : "–"), el("td", same ? "up" : "soft", same ? "the same" : "none in common")));
    }
    if (rows.length) out.append(el("h3", "", "Fields"), el("table", "grid why", el("tr", "", ...["", "Counterparty", "Listed", "Finding"].map((h) => el("th", "", h))), ...rows));
    if (hit.columns) out.append(el("h3", "", "From the input"), facts(hit.columns.filter(([, v]) => v !== "").map(([h, v]) => [h, [v]])));

    const names = e.names.map(([text, kind], i) => el("span", text === hit.matched ? "here" : "", text, i > 0 && kind !== "alias" ? el("span", "soft", ` (${kind})`) : null));
    out.append(el("h3", "", "What the list says"), facts([
      ["name", names.slice(0, 1)],
      ["also known as", names.slice(1)],
      ...e.facts.filter(([l]) => l !== "remarks" && l !== "addresses" && l !== "listed on"),
      ["countries", e.countries.map(country)],
      ["programmes", e.programs],
      ["identifiers", e.identifiers.map(([kind, value, where]) => el("span", hit.matched === `${kind} ${value}` ? "here" : "", el("span", "soft", `${kind} `), value, where ? el("span", "soft", ` ${where}`) : null))],
      ...e.facts.filter(([l]) => l === "addresses" || l === "listed on" || l === "remarks"),
      ["list and id", [`${data.lists[e.list]} · ${e.id}`]],
      ["one party with", hit.group !== entry(hit) ? [hit.group] : []],
    ]));

    if (onScreen) {
      const same = hits.filter((h) => h.row === hit.row && h !== hit);
      if (same.length) {
        const items = same.slice(0, 20).map((h) => {
          const b = el("button", "", `${score(h.score)}  ${h.matched}`, h.group === hit.group ? el("span", "tag", "the same party") : null);
          b.type = "button";
          b.addEventListener("click", () => {
            const place = view.indexOf(h);
            if (place >= 0) choose(place);
            else { filter.reset(); apply(); choose(Math.max(0, view.indexOf(h))); }
          });
          return el("li", "", b);
        });
        out.append(el("h3", "", `Other hits of this row (${same.length})`), el("ul", "others", ...items));
      }
      // A pair pointed at in the table is lit in both names.
      out.addEventListener("mouseover", (event) => {
        const pair = event.target.closest("[data-pair]");
        out.querySelectorAll("mark").forEach((m) => m.classList.toggle("lit", pair !== null && m.dataset.pair === pair.dataset.pair));
      });
    }
    return out;
  }

  // --- filter and order ----------------------------------------------------------------------------------------
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  function haystack(hit) {
    const e = hit.entity;
    e.text ??= fold([...e.names.map(([t]) => t), e.id, ...e.programs, ...e.identifiers.map(([, v]) => v)].join("\n"));
    hit.text ??= fold([hit.query, hit.matched, hit.id || "", `row ${hit.row}`, hit.accepted || "", hit.change || "", hit.group, ...(hit.columns || []).map(([, v]) => v)].join("\n"));
    return [hit.text, e.text];
  }
  const compareText = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;
  const best = (a, b) => b.score - a.score || a.number - b.number;
  const ORDERS = {
    score: best,
    row: (a, b) => a.row - b.row || best(a, b),
    query: (a, b) => compareText(a.query, b.query) || best(a, b),
    entity: (a, b) => compareText(a.entity.names[0][0], b.entity.names[0][0]) || best(a, b),
  };

  function passes(hit, f, words, withScore) {
    if (f.accepted === "open" && hit.accepted) return false;
    if (f.accepted === "accepted" && !hit.accepted) return false;
    if (f.list !== "" && hit.entity.list !== Number(f.list)) return false;
    if (f.schema !== "" && hit.entity.schema !== f.schema) return false;
    // The ends of the range include what is shown with as many decimals.
    if (withScore && f.from !== "" && hit.score < Number(f.from) - 1e-9) return false;
    if (withScore && f.to !== "" && hit.score > Number(f.to) + 1e-9) return false;
    if (!words.length) return true;
    const texts = haystack(hit);
    return words.every((w) => texts.some((t) => t.includes(w)));
  }

  function apply(keep) {
    const f = Object.fromEntries(new FormData(filter));
    f.accepted ??= "all";
    const words = fold(f.text).split(/\s+/).filter(Boolean);
    view = hits.filter((h) => passes(h, f, words, true)).sort(ORDERS[f.sort]);
    space.style.height = `${view.length * HEIGHT}px`;
    byId("count").textContent = view.length === hits.length ? `${hits.length} hits` : `${view.length} of ${hits.length} hits`;
    histogram(hits.filter((h) => passes(h, f, words, false)), f);
    const place = keep && chosen ? view.indexOf(chosen) : -1;
    if (place < 0) list.scrollTop = 0;
    choose(Math.max(0, place));
  }

  const BINS = 30;
  function histogram(shown, f) {
    const low = data.threshold, step = (1 - low) / BINS || 1;
    const bins = new Array(BINS).fill(0);
    for (const h of shown) bins[Math.min(BINS - 1, Math.max(0, Math.floor((h.score - low) / step + 1e-6)))]++;
    const most = Math.max(1, ...bins), wide = 150 / BINS;
    const [from, to] = [f.from === "" ? -1 : Number(f.from), f.to === "" ? 2 : Number(f.to)];
    const svg = (attributes) => {
      const r = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [k, v] of Object.entries(attributes)) r.setAttribute(k, v);
      return r;
    };
    byId("histogram").replaceChildren(...bins.flatMap((n, i) => {
      const [a, b] = [low + i * step, low + (i + 1) * step];
      const height = n ? Math.max(2, (n / most) * 25) : 0;
      const target = svg({ x: i * wide, y: 0, width: wide, height: 26, class: "hit" });
      const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
      title.textContent = `${n} hits from ${a.toFixed(3)} to ${b.toFixed(3)}`;
      target.append(title);
      target.addEventListener("click", () => {
        const [x, y] = [a.toFixed(3), b.toFixed(3)];
        const again = filter.elements.from.value === x && filter.elements.to.value === y;
        filter.elements.from.value = again ? "" : x;
        filter.elements.to.value = again ? "" : y;
        apply(true);
      });
      return [svg({ x: i * wide + 0.5, y: 26 - height, width: wide - 1, height, class: b > from && a < to ? "in" : "" }), target];
    }));
  }

  function options(name, values) {
    const select = filter.elements[name];
    for (const [value, text] of values) {
      const o = el("option", "", text);
      o.value = value;
      select.append(o);
    }
    select.hidden = values.length < 2;
  }

  // --- keys, printing, start -----------------------------------------------------------------------------------
  function move(by) {
    if (!view.length) return;
    choose(Math.min(view.length - 1, Math.max(0, view.indexOf(chosen) + by)));
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "Escape" && typing) { list.focus(); return; }
    if (typing) return;
    if (event.key === "/") { event.preventDefault(); filter.elements.text.focus(); return; }
    const page = Math.max(1, Math.floor(list.clientHeight / HEIGHT) - 1);
    const steps = { j: 1, k: -1 };
    if (event.target === list) Object.assign(steps, { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity });
    if (event.key in steps) { event.preventDefault(); move(steps[event.key]); }
  });
  list.addEventListener("scroll", () => requestAnimationFrame(() => draw(false)));
  new ResizeObserver(() => draw(true)).observe(list);
  filter.addEventListener("submit", (event) => event.preventDefault());
  filter.addEventListener("input", () => apply(true));
  filter.addEventListener("reset", () => setTimeout(() => apply(true)));

  addEventListener("beforeprint", () => {
    const shown = view.slice(0, MOST_PRINTED);
    const left = view.length - shown.length;
    byId("printed").replaceChildren(
      el("h2", "", byId("count").textContent),
      left > 0 ? el("p", "notice", `The first ${MOST_PRINTED} are printed; ${left} more are in the hits' file. Filter to print others.`) : "",
      ...shown.map((h) => describe(h, false)));
  });
  addEventListener("afterprint", () => byId("printed").replaceChildren());
  byId("print").addEventListener("click", () => print());

  const used = new Set(hits.map((h) => h.entity.list));
  options("list", data.lists.map((name, i) => [i, name]).filter(([i]) => used.has(i)));
  options("schema", [...new Set(hits.map((h) => h.entity.schema))].sort().map((s) => [s, s]));
  const accepted = filter.elements.accepted;
  accepted.hidden = !hits.some((h) => h.accepted);
  for (const o of accepted.options) o.defaultSelected = o.value === (data.showAccepted ? "all" : "open");
  apply(false);
  list.focus({ preventScroll: true });
})();
