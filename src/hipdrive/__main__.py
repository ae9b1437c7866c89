"""`hipdrive`, and `python -m hipdrive`."""

from hipdrive.lean import collect_garbage_seldom, use_one_thread


def main() -> None:
    """Start the command line."""
    use_one_thread()
    collect_garbage_seldom()
    from hipdrive.cli.app import main as run  # noqa: PLC0415  the two count for what is imported after them

    run()


if __name__ == "__main__":
    main()
