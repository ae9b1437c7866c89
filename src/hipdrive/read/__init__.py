"""Files → raw tables under their sources' own names: the only room that opens what a user put down."""
