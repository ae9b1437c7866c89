"""The command line: one file a family of commands. Everything that is printed is printed here."""
