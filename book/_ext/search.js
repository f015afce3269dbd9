// How the search splits a query, how it orders and names what it finds, and of what it shows an
// excerpt. Sphinx puts this text into language_data.js, and book/_ext/search_words.py adds the words of book/search.json.

/** @typedef {[page: string, title: string, anchor: string, about: string | null, score: number, file: string]} Found */
/** @typedef {{spellings: Record<string, string>, ranks: Record<string, number>, terms: Record<string, string>}} Words */

{
  const globals = /** @type {{searchWords: Words}} */ (/** @type {unknown} */ (globalThis));

  /** A query in the course's own spelling, as `respell` of search_words.py. @param {string} query */
  const respell = (query) => {
    const { spellings } = globals.searchWords;
    const others = new RegExp(`\\b(?:${Object.keys(spellings).join("|")})`, "g");
    const small = query.toLowerCase().replace(/(?<=\d) ?[×x] ?(?=\d)/g, "x");
    return small.replace(others, (found) => spellings[found]);
  };

  /** @param {string} query */
  const splitQuery = (query) =>
    respell(query).split(/[^\p{Letter}\p{Number}_]+/u).filter((word) => word);

  // The numbers are Sphinx's own.
  const Scorer = {
    objNameMatch: 11,
    objPartialMatch: 6,
    objPrio: { 0: 15, 1: 5, 2: -5 },
    objPrioDefault: 0,
    title: 15,
    partialTitle: 7,
    term: 5,
    partialTerm: 2,

    /** The new score of what was found, which also gets a name that tells it from the others. @param {Found} found */
    score: (found) => {
      const { ranks, terms } = globals.searchWords;
      const [page, title, anchor, , score] = found;
      const term = terms[anchor.slice(1)];
      if (term) found[1] = `${term} · ${title.split(" · ")[0]}`;
      // The heading of a page is the question that its title has already.
      else if (!anchor) found[1] = title.split(" > ")[0];
      return score + (ranks[/\/\d\d[a-z]?_/.test(page) ? "chapter" : page] ?? 0);
    },
  };

  /**
   * The text of a page: without the buttons above it, the contents beside it, what stands in the place of a figure, and
   * what a cell has printed. A fraction keeps its bar.
   * @param {string} html
   */
  const articleOf = (html) => {
    const article = new DOMParser().parseFromString(html, "text/html").querySelector(
      "article.bd-article",
    );
    for (const other of article?.querySelectorAll(".explorable, .cell_output, .headerlink") ?? []) {
      other.remove();
    }
    for (const fraction of article?.querySelectorAll("mfrac") ?? []) {
      fraction.firstElementChild?.after("/");
    }
    return article;
  };

  /** How often words stand in a text. @param {string} text @param {Iterable<string>} words */
  const count = (text, words) =>
    [...words].reduce(
      (sum, word) => sum + text.toLowerCase().split(word.toLowerCase()).length - 1,
      0,
    );

  /**
   * The section of a page that has most of what was asked, below the heading of the page itself.
   * @param {string} html @param {Iterable<string>} words the beginnings of words
   */
  const sectionFor = (html, words) => {
    /** @type {{section: Element | undefined, found: number}} */
    let best = { section: undefined, found: 0 };
    for (const section of articleOf(html)?.querySelectorAll("section section") ?? []) {
      const own = section.cloneNode(true);
      for (const inner of /** @type {Element} */ (own).querySelectorAll("section")) inner.remove();
      const found = count(own.textContent ?? "", words);
      if (found > best.found) best = { section, found };
    }
    return best.section;
  };

  /**
   * @typedef {{
   *   htmlToText: (html: string, anchor: string) => string,
   *   makeSearchSummary: (html: string, words: Set<string>, anchor: string) => HTMLElement | null,
   * }} SphinxSearch
   */
  // @ts-expect-error: a script of Sphinx defines it, before this one
  const search = /** @type {SphinxSearch} */ (Search);
  const { htmlToText, makeSearchSummary } = search;

  // A term of the glossary is told with its meaning.
  search.htmlToText = (html, anchor) => {
    const article = articleOf(html);
    if (!article) return htmlToText(html, anchor);
    const place = anchor && article.querySelector(anchor);
    if (!place) return article.textContent ?? "";
    const meaning = article.querySelector(`dt${anchor} ~ dd`);
    return `${place.textContent} ${meaning?.textContent ?? ""}`;
  };

  // An excerpt is of the section that has most of what was asked, and a link leads there.
  search.makeSearchSummary = (html, words, anchor) => {
    const section = anchor ? undefined : sectionFor(html, words);
    const summary = makeSearchSummary(html, words, section ? `#${section.id}` : anchor);
    const heading = section?.querySelector("h2, h3, h4")?.textContent;
    if (!summary || !section || !heading) return summary;
    const link = document.createElement("a");
    link.textContent = heading;
    summary.prepend(link, ": ");
    // Sphinx puts the excerpt below the link to its page, when this has returned.
    queueMicrotask(() => {
      const page =
        /** @type {HTMLAnchorElement | null} */ (summary.parentElement?.querySelector("a"));
      if (page) link.href = page.href.replace(/#.*$/, "") + `#${section.id}`;
    });
    return summary;
  };

  Object.assign(globalThis, { splitQuery, Scorer });
}
