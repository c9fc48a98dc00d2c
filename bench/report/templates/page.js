(() => {
  const all = (x) => [...document.querySelectorAll(x)];
  const byId = (id) => document.getElementById(id);
  const live = Object.assign(document.createElement("p"), { className: "live" });
  live.setAttribute("aria-live", "polite");
  document.querySelector("main").append(live);

  const value = (cell) => {
    const text = cell.textContent.replace(/[●±>\u202f]/g, "").replace(/\u2212/g, "-").trim();
    const below = text.startsWith("<");
    const number = parseFloat(below ? text.slice(1) : text);
    return Number.isNaN(number) ? text.toLowerCase() : below ? number - 1e-9 : number;
  };
  all(".studies table thead tr").forEach((row) => {
    [...row.cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.className = "sort";
      const name = head.textContent.trim();
      button.append(...head.childNodes);
      head.append(button);
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
  all("pre").forEach((pre) => copier(() => pre.textContent, pre));

  // A reader's tolerance, as a multiple of the study's: three numbers of each claim say what it becomes.
  const judged = all("[data-rule]").map((sign) => ({ sign, rule: JSON.parse(sign.dataset.rule), was: [sign.className, sign.textContent] }));
  const verdict = ([above, below, apart], tolerance) => {
    if (tolerance >= above) return ["holds", "holds"];
    if (below !== null && tolerance < below) return ["off", "differs"];
    return ["open", tolerance >= apart ? "fits, not decided" : "may be off"];
  };
  if (judged.length) {
    const control = document.createElement("p");
    control.className = "reader";
    control.innerHTML = '<label>Your tolerance: <input type="number" min="0" step="any" value="1"> times the study\u2019s</label> <span role="status"></span>';
    judged[0].sign.closest(".scroll").before(control);
    const input = control.querySelector("input");
    const judge = (factor) => {
      const counts = {};
      judged.forEach(({ sign, rule, was }) => {
        const [kind, words] = verdict(rule, factor * rule[3]);
        [sign.className, sign.textContent] = factor === 1 ? was : [`sign sign-${kind}`, words];
        counts[words] = (counts[words] || 0) + 1;
      });
      const said = Object.entries(counts).map(([words, many]) => `${many} ${words}`);
      control.lastChild.textContent = factor === 1 ? "" : `Not the study\u2019s verdicts: ${said.join(", ")}.`;
    };
    input.addEventListener("input", () => judge(input.value === "" || !input.validity.valid ? 1 : +input.value));
    addEventListener("beforeprint", () => judge(1));
    addEventListener("afterprint", () => input.dispatchEvent(new Event("input")));
  }

  // A link into a fold opens it.
  const go = () => {
    const place = byId(location.hash.slice(1));
    if (!place) return;
    for (let up = place; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    place.scrollIntoView();
  };
  all("figure[id] > figcaption").forEach((caption) => {
    const link = Object.assign(document.createElement("a"), { className: "perma", textContent: "Link" });
    link.href = `#${caption.parentElement.id}`;
    link.setAttribute("aria-label", `Link to ${caption.querySelector("b").textContent}`);
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
