"""The one exception of this package."""


class DataError(ValueError):
    """A data set that cannot be used as it lies; `str()` is one line for the user."""
