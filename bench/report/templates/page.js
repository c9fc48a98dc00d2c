(() => {
  const all = (x) => [...document.querySelectorAll(x)];
  const byId = (id) => document.getElementById(id);
  const live = Object.assign(document.createElement("p"), { className: "live" });
  live.setAttribute("aria-live", "polite");
  document.querySelector("main").append(live);

  const value = (cell) => {
    const text = (cell.querySelector(".v") || cell).textContent.replace(/[●±>\u202f]/g, "").replace(/\u2212/g, "-").trim();
    const below = text.startsWith("<");
    const number = parseFloat(below ? text.slice(1) : text);
    return Number.isNaN(number) ? text.toLowerCase() : below ? number - 1e-9 : number;
  };
  all(":is(table.sortable, .studies table) thead tr").forEach((row) => {
    [...row.cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.className = "sort";
      const name = head.textContent.trim();
      if (head.querySelector("a")) {
        button.textContent = "Sort";
        button.ariaLabel = `Sort by ${name}`;
      } else button.append(...head.childNodes);
      head.append(" ", button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        [...row.cells].forEach((c) => c.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = row.closest("table").tBodies[0];
        const sorted = [...body.rows].sort((a, b) => {
          const [x, y] = [value(a.cells[column]), value(b.cells[column])];
          const order = typeof x === typeof y ? (x > y) - (x < y) : typeof x === "number" ? -1 : 1;
          return down ? -order : order;
        });
        body.append(...sorted);
        live.textContent = `Sorted by ${name}, ${head.ariaSort}`;
      });
    });
  });

  const copier = (text, place) => {
    const button = document.createElement("button");
    button.className = "copier";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text());
        live.textContent = button.textContent = "Copied";
      } catch {
        live.textContent = button.textContent = "Select the text to copy it";
      }
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    place.after(button);
  };
  all("pre.copy").forEach((pre) => copier(() => pre.textContent, pre));
  all("table.results, table.claims").forEach((table) => {
    const line = (r) => [...r.cells].map((c) => (c.querySelector(".v, .name") || c).textContent.trim().replace(/\s+/g, " ")).join("\t");
    copier(() => [...table.rows].map(line).join("\n"), table.parentElement);
  });

  // A reader's tolerance and evidence. The rule of each claim comes with the page.
  const kit = byId("reader");
  const box = kit && kit.content.firstElementChild;
  if (box) kit.replaceWith(box);
  const knobs = all(".reader :is(input, select)");
  const ticked = (i) => i.type === "checkbox";
  const plain = (i) => (ticked(i) ? i.defaultChecked : i.defaultValue || "");
  const now = (i) => (ticked(i) ? i.checked : (i.validity.valid && i.value) || plain(i));
  const markAt = ({ above, below, apart, holds, differs }, tolerance) => {
    if (tolerance >= above) return holds;
    if (below !== null && tolerance < below) return differs;
    return tolerance >= apart ? "fits" : "off";
  };
  // Sets what a node says or is; without a value, as it was in the page.
  const put = (node, key, value) => {
    if (!node) return;
    const was = (node.was ||= {});
    was[key] ??= node.getAttribute?.(key) ?? node[key];
    const next = value ?? was[key];
    node.getAttribute?.(key) != null ? node.setAttribute(key, next) : (node[key] = next);
  };
  const lanes = all(".lane[data-c]");
  const claims = all("table.judged tbody tr").map((tr) => ({
    tr, rule: JSON.parse(tr.dataset.r || "null"), lanes: lanes.filter((lane) => `claim-${lane.dataset.c}` === tr.id),
  }));
  const show = ({ tr, rule, lanes }, mark, tolerance) => {
    const changed = mark !== tr.dataset.k;
    const said = box.querySelector(`[data-k=${mark}] .chip`);
    [tr, ...lanes].forEach((place) => {
      place.classList.toggle("changed", changed);
      const chip = place.querySelector(".chip");
      put(chip, "class", changed ? said.className : null);
      put(chip?.firstChild, "textContent", changed ? said.textContent[0] : null);
      put(chip?.lastChild, "textContent", changed ? said.lastChild.textContent : null);
    });
    if (!rule) return;
    put(tr.querySelector(".by"), "textContent", tolerance === null ? null : `yours \u00b1${+tolerance.toPrecision(3)}${rule.unit}`);
    lanes.forEach((lane) => {
      const [low, high] = lane.parentElement.dataset.s.split(" ").map(Number);
      const x = (v) => 3 + (94 * (Math.min(Math.max(v, low), high) - low)) / (high - low);
      const band = lane.querySelector(".band");
      const [from, to] = [-1, 1].map((side) => x(+lane.dataset.at + side * tolerance));
      put(band, "x", tolerance === null ? null : `${from}%`);
      put(band, "width", tolerance === null ? null : `${to - from}%`);
    });
  };
  // All claims by these settings (`now`) or the study's own (`plain`); how many have each mark.
  const wordOf = (mark) => box.querySelector(`[data-k=${mark}] .chip`)?.lastChild.textContent ?? mark;
  const judge = (get) => {
    const of = (name) => knobs.filter((i) => i.name === name);
    const ruled = knobs.some((i) => !["ev", "agree"].includes(i.name) && get(i) !== plain(i));
    const off = of("ev").filter((i) => !get(i)).map((i) => i.value);
    const wanted = get(of("agree")[0]);
    const counts = {};
    claims.forEach((claim) => {
      const { tr, rule, lanes } = claim;
      let [mark, tolerance] = [tr.dataset.k, null];
      if (rule && ruled) {
        const own = get(of(rule.group)[0]);
        tolerance = (own === "" ? rule.stated : +own) * get(of("x")[0]);
        mark = markAt(rule, tolerance);
      }
      show(claim, mark, tolerance);
      const out = off.includes(tr.dataset.e);
      lanes.forEach((lane) => (lane.hidden = out));
      tr.hidden = out || (wanted && wordOf(wanted) !== wordOf(mark));
      if (!out) counts[mark] = (counts[mark] || 0) + 1;
    });
    return counts;
  };
  const update = () => {
    const counts = judge(now);
    const own = knobs.every((i) => i.name === "agree" || now(i) === plain(i));
    box.querySelector(".yours").hidden = own;
    if (!own || knobs.some((i) => i.name === "agree" && i.value)) all("details.rest").forEach((d) => (d.open = true));
    all("#claims .legend").forEach((legend) => (legend.hidden = own === box.contains(legend)));
    const marks = [...box.querySelectorAll(".legend li")];
    marks.forEach((li) => (li.hidden = !(li.querySelector("b").textContent = counts[li.dataset.k] || "")));
    const shown = claims.filter(({ tr }) => !tr.hidden).length;
    const said = marks.filter((li) => !li.hidden).map((li) => `${li.querySelector("b").textContent} ${li.querySelector(".chip").lastChild.textContent}`);
    live.textContent = `${shown} of ${claims.length} claims shown: ${said.join(", ")}`;
    box.querySelector(".shown").textContent = shown < claims.length ? `${shown} of ${claims.length} shown` : "";
  };
  const keep = () => history.replaceState(null, "", `#${here()[0]}${state()}`);
  if (box) {
    box.addEventListener("input", () => (update(), keep()));
    box.querySelector("button").addEventListener("click", () => {
      knobs.forEach((i) => (ticked(i) ? (i.checked = plain(i)) : (i.value = plain(i))));
      update();
      keep();
      box.querySelector("summary").focus();
    });
    addEventListener("beforeprint", () => judge(plain));
    addEventListener("afterprint", update);
  }

  // The address tells what is shown: #fig-x~metric=f1_macro&ds=wine&hide=svm&hide=lda. Where it names what the page
  // does not have, that is as in the page.
  const shown = all(".bar input");
  const state = () => {
    const parts = new URLSearchParams();
    shown.forEach((i) => i.type === "radio" && i.checked && !i.defaultChecked && parts.set(i.name, i.dataset.k));
    shown.forEach((i) => i.type === "checkbox" && !i.checked && parts.append("hide", i.dataset.k));
    knobs.forEach((i) => i.name === "ev" && !i.checked && parts.append("without", i.value));
    knobs.forEach((i) => i.name !== "ev" && now(i) !== plain(i) && parts.set(i.name, i.value));
    return `${parts}` && `~${parts}`;
  };
  const here = () => location.hash.slice(1).split(/~|%7e/i);
  const go = () => {
    const [id, ...said] = here();
    const parts = new URLSearchParams(said.join("~"));
    const is = (i) => parts.get(i.name) === (i.dataset.k ?? i.value);
    if (said[0]) [...shown, ...knobs].forEach((i, _, every) => {
      if (i.type === "checkbox") i.checked = !parts.getAll(i.name ? "without" : "hide").includes(i.dataset.k ?? i.value);
      else if (i.type === "radio") i.checked = every.some((o) => o.name === i.name && is(o)) ? is(i) : i.defaultChecked;
      else {
        i.value = parts.get(i.name) ?? plain(i);
        i.value = now(i);
      }
    });
    if (said[0] && box) {
      update();
      box.querySelector("details").open = !box.querySelector(".yours").hidden;
    }
    const place = id && byId(id);
    if (!place) return;
    const pick = (i) => ((byId(i) || {}).checked = true);
    for (let up = place; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") up.open = true;
      if (up.dataset.m) pick(`metric-${up.dataset.m}`);
      if (up.dataset.place && !all("#place-all:checked")[0]) pick(`place-${up.dataset.place}`);
    }
    place.scrollIntoView();
  };
  shown.forEach((i) => i.addEventListener("change", keep));
  all("figure[id] > figcaption").forEach((caption) => {
    const link = Object.assign(document.createElement("a"), { className: "perma", textContent: "Link" });
    const mine = (link.href = `#${caption.parentElement.id}`);
    link.setAttribute("aria-label", `Link to ${caption.querySelector("b").textContent}`);
    link.addEventListener("click", () => (link.href = mine + state()));
    caption.append(" ", link);
  });
  addEventListener("hashchange", go);
  go();

  const links = new Map(all(".rail nav a").map((a) => [a.hash.slice(1), a]));
  const watch = new IntersectionObserver(
    (seen) =>
      seen.filter((e) => e.isIntersecting).forEach((e) => {
        links.forEach((a) => (a.ariaCurrent = null));
        links.get(e.target.id).ariaCurrent = "true";
      }),
    { rootMargin: "-10% 0px -80% 0px" },
  );
  links.forEach((_, id) => watch.observe(byId(id)));
})();
