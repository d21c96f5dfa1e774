// The page for people: asks /v1, draws the answer. Every text is set as text, never as HTML.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const form = $("search");
  let hits = [];
  let asked = 0;

  // An element with a class and children; texts become text nodes.
  function el(name, cls, ...children) {
    const made = document.createElement(name);
    if (cls) made.className = cls;
    made.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== ""));
    return made;
  }

  async function ask(path, options = {}) {
    const headers = { ...options.headers };
    if (form.elements.key.value) headers.Authorization = `Bearer ${form.elements.key.value}`;
    const answer = await fetch(path, { ...options, headers });
    const text = await answer.text();
    let json = null;
    try { json = JSON.parse(text); } catch { /* told below */ }
    if (!answer.ok) throw new Error(json?.error?.message ?? `the service answers ${answer.status}`);
    return json;
  }

  function age(list) {
    if (list.published === null) return "no date";
    const days = list.age_days === 1 ? "1 day" : `${list.age_days} days`;
    return `${list.published}, ${days} old`;
  }

  async function lists() {
    const state = $("state");
    try {
      const all = await ask("/v1/lists");
      const count = all.lists.length === 1 ? "1 list" : `${all.lists.length} lists`;
      state.textContent = all.too_old ?? `${count}, ${all.entities.toLocaleString("en")} entities, ${all.names.toLocaleString("en")} names`;
      state.classList.toggle("bad", Boolean(all.too_old));
      $("notices").replaceChildren(...all.notices.map((text) => el("div", "notice", text)));
      $("lists-title").textContent = `Lists (${all.lists.length})`;
      const head = ["List", "Published", "Entities", "Names", "Records", "Rejected", "SHA-256"];
      const rows = all.lists.map((l) => el("tr", "",
        el("td", "", l.name), el("td", "", age(l)), ...[l.entities, l.names, l.records, l.rejected].map((n) => el("td", "number", n.toLocaleString("en"))),
        el("td", "mono", l.sha256.slice(0, 16) + "…")));
      const header = el("tr", "", head.map((h, at) => el("th", at > 1 && at < 6 ? "number" : "", h)));
      $("lists").replaceChildren(el("table", "grid", header, rows));
      const failed = all.reload.error ? ` · last refresh failed: ${all.reload.error}` : "";
      $("foot").textContent = `${all.program} · index ${all.index.slice(0, 16)}… loaded ${all.loaded_at.slice(0, 19)}Z · configuration ${all.config.slice(0, 16)}…${failed}`;
    } catch (e) {
      state.textContent = e.message;
      state.classList.add("bad");
    }
  }

  function party() {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (value.trim() && name !== "threshold" && name !== "key") fields[name] = value.trim();
    }
    return fields;
  }

  async function search() {
    const mine = ++asked;
    const fields = party();
    if (!Object.keys(fields).length) return;
    const options = new URLSearchParams({ explain: "true", cleared: "show" });
    if (form.elements.threshold.value) options.set("threshold", form.elements.threshold.value);
    try {
      const answer = await ask(`/v1/screen?${options}`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields),
      });
      if (mine === asked) draw(fields, answer);
    } catch (e) {
      if (mine !== asked) return;
      hits = [];
      $("summary").textContent = "Not screened";
      $("hits").replaceChildren();
      $("detail").replaceChildren(el("div", "empty bad", el("b", "", "This was not screened. "), e.message));
    }
  }

  function meter(score) {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    svg.setAttribute("class", "meter");
    svg.setAttribute("aria-hidden", "true");
    for (const width of [100, score * 100]) {
      const rect = document.createElementNS(ns, "rect");
      rect.setAttribute("width", `${width}%`);
      rect.setAttribute("height", "4");
      rect.setAttribute("rx", "2");
      svg.append(rect);
    }
    return svg;
  }

  function line(hit, at) {
    const matched = hit.matched_name === hit.entity_name ? "" : ` · matched ${hit.matched_name}`;
    const under = `${hit.list} ${hit.entity_id} · ${hit.schema}${hit.programs.length ? ` · ${hit.programs.join(", ")}` : ""}${matched}`;
    const button = el("button", "",
      el("span", "", el("span", "score", hit.score.toFixed(4)), meter(hit.score)),
      el("span", "", el("div", "name", hit.entity_name), el("div", "under", under)));
    button.type = "button";
    button.addEventListener("click", () => choose(at));
    return el("li", hit.cleared_by ? "cleared" : "", button);
  }

  function draw(fields, answer) {
    const result = answer.results[0];
    const cleared = result.cleared ?? [];
    hits = [...result.hits, ...cleared].map((hit) => ({ ...hit, asked: fields }));
    const { cut, weak } = result.withheld;
    const parts = [`${result.hits.length} ${result.hits.length === 1 ? "hit" : "hits"}`];
    if (result.withheld.cleared) parts.push(`${result.withheld.cleared} cleared by other fields`);
    if (cut) parts.push(`${cut} beyond the limit`);
    if (weak) parts.push(`${weak} by a weak alias only`);
    $("summary").replaceChildren(el("b", "", parts[0]), parts.slice(1).map((p) => ` · ${p}`),
      (result.warnings ?? []).map((w) => el("div", "down", w)));
    const lines = hits.map(line);
    if (cleared.length) lines.splice(result.hits.length, 0, el("li", "", el("h3", "", "Cleared: other fields take them below the threshold")));
    $("hits").replaceChildren(...lines);
    if (hits.length) choose(0, false);
    else $("detail").replaceChildren(el("div", "empty clear", el("b", "", "No hit"), el("div", "",
      `No listed party of ${answer.lists.length === 1 ? "the list" : `the ${answer.lists.length} lists`} scores as high as the threshold.`)));
  }

  const buttons = () => [...$("hits").querySelectorAll("button")];

  function choose(at, focus = true) {
    const all = buttons();
    all.forEach((button, i) => button.setAttribute("aria-current", String(i === at)));
    if (focus) all[at]?.focus({ preventScroll: false });
    describe(hits[at]);
  }

  const kinds = { birth_date: "born or founded", country: "country", gender: "gender", schema: "kind" };
  const readable = (key) => kinds[key] ?? key.replaceAll("_", " ");

  function tokens(e, query) {
    // In the order of the words as they were typed, as far as they stand there.
    const place = (p) => query.toLowerCase().indexOf(p.query.split(" ")[0]);
    const pairs = [...e.pairs].sort((a, b) => place(a) - place(b));
    const pair = (p) => el("li", "",
      el("span", `word ${p.similarity === 1 ? "same" : "near"}`, p.query),
      el("span", "way", p.similarity === 1 ? p.kind : `${p.kind} ${p.similarity.toFixed(2)}`),
      el("span", `word ${p.similarity === 1 ? "same" : "near"}`, p.listed));
    const alone = (side) => (t) => el("li", "",
      el("span", side === "query" ? "word other" : "word", side === "query" ? t.text : "–"),
      el("span", "way", `only ${side === "query" ? "here" : "listed"}`),
      el("span", side === "query" ? "word" : "word other", side === "query" ? "–" : t.text));
    return el("ul", "tokens", pairs.map(pair), e.only_in_query.map(alone("query")), e.only_in_list.map(alone("list")));
  }

  function sums(e) {
    const rows = [["matched", e.matched], ["lost: unlike", -e.unlike], ["lost: contradiction", -e.contradiction],
      ["lost: missing", -e.missing], ["lost: order", -e.order]].filter(([what, n]) => n || what === "matched");
    const cells = rows.map(([what, n]) => el("tr", "", el("td", "", what), el("td", `number ${n < 0 ? "down" : "up"}`, n.toFixed(3))));
    cells.push(el("tr", "", el("td", "", "score of the name"), el("td", "number", e.name_score.toFixed(4))));
    e.fields.forEach((f) => cells.push(el("tr", "", el("td", "", `${f.field}: ${f.finding}`),
      el("td", `number ${f.effect < 0 ? "down" : "up"}`, `${f.effect > 0 ? "+" : ""}${f.effect.toFixed(2)}`))));
    cells.push(el("tr", "", el("td", "", el("b", "", "score")), el("td", "number", el("b", "", e.score.toFixed(4)))));
    return el("div", "sums", el("table", "grid", cells));
  }

  function facts(pairs) {
    const made = el("dl", "facts");
    for (const [name, value] of pairs) {
      const values = (Array.isArray(value) ? value : [value]).filter(Boolean);
      if (!values.length) continue;
      made.append(el("dt", "", name), el("dd", "", values.length === 1 ? values[0] : el("ul", "", values.map((v) => el("li", "", v)))));
    }
    return made;
  }

  async function describe(hit) {
    const e = hit.explanation;
    const others = Object.entries(hit.asked).filter(([key]) => key !== "name");
    const listed = el("div", "side", el("div", "what", `Listed, ${hit.list}`), el("div", "big", hit.matched_name),
      hit.matched_name === hit.entity_name ? "" : el("div", "under", `a name of ${hit.entity_name}`),
      el("div", "under", [hit.schema, ...hit.programs].join(" · ")));
    const body = el("div", "detail",
      el("div", "title", el("span", "score", hit.score.toFixed(4)), el("span", "tag", `by ${hit.matched_by}`),
        hit.weak ? el("span", "tag", "weak alias") : "",
        (hit.cleared_by ?? []).map((f) => el("span", "tag alarm", `cleared by ${readable(f)}`)),
        el("span", "spring"), el("span", "soft mono", hit.group)),
      el("div", "sides",
        el("div", "side", el("div", "what", "Searched"), el("div", "big", hit.query || "(no name)"),
          others.map(([key, value]) => el("div", "under", `${readable(key)}: ${value}`)),
          hit.query_part ? el("div", "under", `matched in part: ${hit.query_part}`) : ""),
        listed));
    if (e?.identifier) {
      body.append(el("h3", "", "Why"), el("p", "", `${e.identifier.query.value} = ${e.identifier.listed.value}: ${e.identifier.finding}`));
    } else if (e) {
      body.append(el("h3", "", "Word by word"), tokens(e, hit.query), el("h3", "", "Score"), sums(e));
    }
    const entity = el("div", "", el("p", "soft", "asking for the entity …"));
    body.append(el("h3", "", "Listed entity"), entity);
    $("detail").replaceChildren(body);
    try {
      const found = await ask(`/v1/entities/${encodeURIComponent(hit.list)}/${encodeURIComponent(hit.entity_id)}`);
      const it = found.entity;
      const kind = (n) => (n.kind === "primary" ? n.text : `${n.text} (${n.kind}${n.strength === "weak" ? ", weak" : ""})`);
      const identifier = (i) => `${i.type} ${i.value}${i.country ? ` (${i.country})` : ""}`;
      if (it.birth_dates.length) listed.append(el("div", "under", `born or founded: ${it.birth_dates.join(", ")}`));
      if (it.countries.length) listed.append(el("div", "under", `country: ${it.countries.join(", ")}`));
      if (it.gender) listed.append(el("div", "under", `gender: ${it.gender}`));
      entity.replaceChildren(facts([
        ["Id", `${found.list} ${it.id}`], ["Kind", it.schema], ["Names", it.names.map(kind)], ["Born, founded", it.birth_dates],
        ["Gender", it.gender], ["Places of birth", it.birth_places], ["Countries", it.countries.map((c) => c.toUpperCase()).join(", ")],
        ["Programmes", it.programs], ["Identifiers", it.identifiers.map(identifier)], ["Addresses", it.addresses], ["Listed on", it.listed_on],
        ["Remarks", it.remarks], ["Same party", found.same_party.filter((m) => m !== `${found.list}:${it.id}`)], ["List published", found.published ?? "no date"],
      ]));
    } catch (e) {
      entity.replaceChildren(el("p", "down", e.message));
    }
  }

  function theme() {
    const order = ["auto", "light", "dark"];
    let at = 0;
    $("theme").addEventListener("click", () => {
      at = (at + 1) % order.length;
      if (at) document.documentElement.dataset.theme = order[at];
      else delete document.documentElement.dataset.theme;
      $("theme").textContent = `Theme: ${order[at]}`;
    });
  }

  document.addEventListener("keydown", (e) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
    if (e.key === "/" && !typing) {
      e.preventDefault();
      form.elements.name.focus();
      form.elements.name.select();
    } else if ((e.key === "ArrowDown" || e.key === "ArrowUp") && document.activeElement?.tagName !== "SELECT" && document.activeElement?.type !== "number" && hits.length) {
      e.preventDefault();
      const all = buttons();
      const here = all.findIndex((b) => b.getAttribute("aria-current") === "true");
      const from = all.includes(document.activeElement) ? here + (e.key === "ArrowDown" ? 1 : -1) : here;
      choose(Math.max(0, Math.min(all.length - 1, from)));
    } else if (e.key === "Escape") {
      form.elements.name.focus();
    }
  });
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    search();
  });
  form.elements.key.addEventListener("change", lists);
  theme();
  lists();
  setInterval(lists, 30000);
  // The name may come behind the # of the address, which no server and no log sees.
  const given = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of given) if (form.elements[name] && name !== "key") form.elements[name].value = value;
  if (given.size) search();
})();
