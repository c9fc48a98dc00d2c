(() => {
  const all = (x) => [...document.querySelectorAll(x)];
  const byId = (id) => document.getElementById(id);
  const live = Object.assign(document.createElement("p"), { className: "live" });
  live.setAttribute("aria-live", "polite");
  document.querySelector("main").append(live);

  const value = (cell) => {
    const text = (cell.querySelector(".v") || cell).textContent.replace(/[●±>\u2009]/g, "").replace(/\u2212/g, "-").trim();
    const number = parseFloat(text);
    return Number.isNaN(number) ? text.toLowerCase() : number;
  };
  all("table.sortable thead tr").forEach((row) => {
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

  // The address tells what is shown: #fig-x~metric=f1_macro&ds=wine&hide=svm
  const shown = all(".bar input");
  const state = () => {
    const parts = new URLSearchParams();
    shown.forEach((i) => i.type === "radio" && i.checked && !i.defaultChecked && parts.set(i.name, i.dataset.k));
    const hidden = shown.filter((i) => i.type === "checkbox" && !i.checked).map((i) => i.dataset.k);
    hidden[0] && parts.set("hide", hidden);
    return [...parts].length ? `~${decodeURIComponent(parts)}` : "";
  };
  const here = () => decodeURIComponent(location.hash.slice(1)).split("~");
  const go = () => {
    const [id, said] = here();
    const parts = new URLSearchParams(said);
    const hidden = (parts.get("hide") || "").split(",");
    if (said) shown.forEach((i) => {
      if (i.type === "checkbox") i.checked = !hidden.includes(i.dataset.k);
      else if (parts.has(i.name) ? parts.get(i.name) === i.dataset.k : i.defaultChecked) i.checked = true;
    });
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
  shown.forEach((i) => i.addEventListener("change", () => history.replaceState(null, "", `#${here()[0]}${state()}`)));
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
