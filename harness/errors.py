"""What a person did wrong, in one line."""


class UserError(Exception):
    """A request that cannot be carried out as given; `str()` is one line; the exit code is 2."""


class Halt(Exception):
    """The world does not let the lab go on; `str()` is one line; the exit code is 1, and the same
    command goes on once that is mended."""

    def __init__(self, line: str, lab_is_ours: bool = True) -> None:
        super().__init__(line)
        self.lab_is_ours = lab_is_ours
