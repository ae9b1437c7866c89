"""FIT bytes ↔ polars frames, whole columns at a time.

`decode` gives a frame for each kind of message and the faults it met; `encode` is its inverse. The room knows nothing
of the rest of the project: it could be lifted out as a package.
"""

from hipdrive.fit.decode import Decoded, decode
from hipdrive.fit.encode import DeveloperField, RowOrder, encode
from hipdrive.fit.faults import Fault, Strictness
from hipdrive.fit.profile import field_unit, value_number

__all__ = [
    "Decoded",
    "DeveloperField",
    "Fault",
    "RowOrder",
    "Strictness",
    "decode",
    "encode",
    "field_unit",
    "value_number",
]
