"""hipdrive: does hip-extension strength work make this runner faster, by how much, and how sure can we be?

The rooms, in the order the data walk through them (each imports only from rooms further left):
errors, settings, tables, catalogue, fit, read, tidy, measure, warehouse, estimate, report. `night` sets their order;
the flows and the command line start it.
"""
