"""The Prefect flows: the night's steps as tasks. Installed as `hipdrive.flows` (docs/decisions)."""
