"""The tests. A package, since a dependency installs one of that name, which would stand before a plain folder."""
