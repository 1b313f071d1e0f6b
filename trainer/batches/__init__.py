"""Training text as rows of tokens: packed once, kept in the cache, read through a memory map."""
