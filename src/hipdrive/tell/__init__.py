"""The tell room: a message goes out, by a command of the user's or to an address; what it says is decided above."""

from hipdrive.tell.send import by_address, by_command

__all__ = ["by_address", "by_command"]
