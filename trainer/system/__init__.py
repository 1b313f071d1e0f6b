"""What the operating system offers, each once: whole files, locks, processes. The standard library alone."""
