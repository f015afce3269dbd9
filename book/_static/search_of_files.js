// The search of pages that were opened as files: it shows no excerpts, since it would have to fetch the pages.

if (location.protocol === "file:") {
  // @ts-expect-error: a script of Sphinx defines it, on every page and before this one
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
