"""The lab: command line, conductor, launcher, supervisor, deployment."""
