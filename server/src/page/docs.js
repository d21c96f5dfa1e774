// Draws /openapi.json: operations, then the types they name.
"use strict";
(async () => {
  function el(name, cls, ...children) {
    const made = document.createElement(name);
    if (cls) made.className = cls;
    made.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== ""));
    return made;
  }
  const api = await (await fetch("/openapi.json")).json();
  const link = (ref) => {
    const name = ref.split("/").pop();
    const a = el("a", "", name);
    a.href = `#${name}`;
    return a;
  };
  function type(schema) {
    if (!schema) return "";
    if (schema.$ref) return link(schema.$ref);
    const several = schema.oneOf ?? schema.anyOf ?? schema.allOf;
    if (several) return several.map((s, at) => [at ? " or " : "", type(s)]).flat(2);
    const name = Array.isArray(schema.type) ? schema.type.join(" or ") : schema.type ?? "anything";
    if (schema.items) return ["array of ", type(schema.items)].flat();
    return schema.enum ? schema.enum.join(", ") : name;
  }
  function table(head, rows) {
    return rows.length ? el("div", "scroll", el("table", "grid", el("tr", "", head.map((h) => el("th", "", h))), rows)) : "";
  }
  const text = (t) => (t ? el("p", "", t) : "");
  function operation(path, method, op) {
    const parameters = (op.parameters ?? []).map((p) => el("tr", "", el("td", "mono", p.name), el("td", "", type(p.schema)), el("td", "", p.description ?? "")));
    const bodies = Object.entries(op.requestBody?.content ?? {}).map(([kind, c]) => el("p", "", `Body, ${kind}: `, type(c.schema)));
    const answers = Object.entries(op.responses ?? {}).map(([status, r]) => el("tr", "", el("td", "mono", status), el("td", "", r.description ?? ""),
      el("td", "", Object.values(r.content ?? {}).map((c) => type(c.schema)).flat())));
    return el("section", "panel op", el("h2", "", el("b", "", method.toUpperCase()), path), text(op.summary), text(op.description),
      table(["Parameter", "Type", ""], parameters), text(op.requestBody?.description), bodies, table(["Status", "", "Body"], answers));
  }
  function schema([name, s]) {
    const rows = Object.entries(s.properties ?? {}).map(([key, p]) => el("tr", "", el("td", "mono", key), el("td", "", type(p)), el("td", "", p.description ?? "")));
    const made = el("section", "panel op", el("h2", "", name), text(s.description), rows.length ? table(["Field", "Type", ""], rows) : el("p", "", type(s)));
    made.id = name;
    return made;
  }
  const operations = Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, op]) => operation(path, method, op)));
  document.getElementById("all").replaceChildren(el("p", ""), ...operations, ...Object.entries(api.components?.schemas ?? {}).map(schema));
})();
