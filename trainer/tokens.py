"""Token ids as arrays."""

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int32]
# One flag a token: whether it is to be learnt.
Mask = NDArray[np.bool_]
# As a target: no token, and no part of the loss (torch's default `ignore_index`).
IGNORE = -100
