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

  /** The element that an anchor leads to. @param {ParentNode | null} article @param {string} anchor */
  const placeOf = (article, anchor) =>
    article?.querySelector(`[id="${CSS.escape(anchor.slice(1))}"]`) ?? null;

  const HEADING = ":scope > :is(h2, h3, h4)";

  /** The text of a section without that below other headings. @param {Element} section */
  const ownText = (section) => {
    const own = /** @type {Element} */ (section.cloneNode(true));
    for (const inner of own.querySelectorAll("section")) {
      if (inner.querySelector(HEADING)) inner.remove();
    }
    return own.textContent ?? "";
  };

  /**
   * Which of the words that were asked stand in a text, how often, and in which form last.
   * @param {string} text @param {Set<string>} stems what the index knows the words by
   */
  const findIn = (text, stems) => {
    // @ts-expect-error: Sphinx defines it for the language of the index
    const stemmer = /** @type {{stemWord: (word: string) => string}} */ (new Stemmer());
    /** @type {Map<string, {form: string, count: number}>} */
    const found = new Map();
    for (const form of splitQuery(text)) {
      const stem = stemmer.stemWord(form);
      if (stems.has(stem)) found.set(stem, { form, count: (found.get(stem)?.count ?? 0) + 1 });
    }
    return found;
  };

  /**
   * The section of a page, below the heading of the page itself, that has most of what was asked: the most different
   * words, and of those that have as many, the most often.
   * @param {string} html @param {Set<string>} stems
   */
  const sectionFor = (html, stems) => {
    const sections = [...articleOf(html)?.querySelectorAll("section section") ?? []];
    const rated = sections.filter((section) => section.querySelector(HEADING)).map((section) => {
      const found = findIn(ownText(section), stems);
      const count = [...found.values()].reduce((sum, word) => sum + word.count, 0);
      return { section, found, count };
    });
    rated.sort((a, b) => b.found.size - a.found.size || b.count - a.count);
    return rated[0]?.count ? rated[0] : undefined;
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
    const place = anchor && placeOf(article, anchor);
    if (!place) return article.textContent ?? "";
    const meaning = article.querySelector(`dt[id="${CSS.escape(place.id)}"] ~ dd`);
    return `${place.textContent} ${meaning?.textContent ?? ""}`;
  };

  // An excerpt is of the section that has most of what was asked, and a link leads there.
  search.makeSearchSummary = (html, stems, anchor) => {
    const best = anchor ? undefined : sectionFor(html, stems);
    if (!best) return makeSearchSummary(html, stems, anchor);
    const { section, found } = best;
    // Sphinx begins where the last of these words stands first.
    const words = new Set([...stems].reverse().map((stem) => found.get(stem)?.form ?? stem));
    const summary = makeSearchSummary(html, words, `#${section.id}`);
    const heading = section.querySelector(HEADING)?.textContent;
    if (!summary || !heading) return summary;
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
