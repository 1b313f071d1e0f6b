"""What a person did wrong, in one line."""


class UserError(Exception):
    """A request that cannot be carried out as given; `str()` is one line; the exit code is 2."""
