"""The fetch room: one small adapter a service; puts original files into the inbox and nothing else.

Only here is the network asked, and only for services that the settings name.
"""

from hipdrive.fetch.activities import Item, Outcome, State
from hipdrive.fetch.garmin_login import sign_in
from hipdrive.fetch.secrets import SIGNED_IN, file_of, keep_secret, keep_tokens, read_secret, way_in
from hipdrive.fetch.visit import visit

__all__ = [
    "SIGNED_IN",
    "Item",
    "Outcome",
    "State",
    "file_of",
    "keep_secret",
    "keep_tokens",
    "read_secret",
    "sign_in",
    "visit",
    "way_in",
]
