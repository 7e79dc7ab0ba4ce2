"""The lists to explore: one for each kind of thing, with facets, sorting, paging and downloads of what is shown."""
