"""A node that is not there: simulated jobs and a virtual clock under the real conductor."""
