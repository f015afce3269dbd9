// How the search splits a query, and how it orders and names what it finds. Sphinx puts this text
// into language_data.js, and book/_ext/search_words.py adds the words of book/search.json.

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

  Object.assign(globalThis, { splitQuery, Scorer });
}
